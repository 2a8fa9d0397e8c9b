// The order of one's home feed, kept with the account; who never chose has it ranked.
import { api } from "../../../api";
import type { FeedOrder } from "../../../api/types";
import { useSession } from "../../session/hooks/useSession";

export function useFeedOrder(): [FeedOrder, (order: FeedOrder) => void] {
  const { me } = useSession();
  const [save] = api.useUpdateMeMutation();
  const order = me?.preferences?.feed_order ?? "ranked";
  return [order, (chosen) => save({ body: { preferences: { feed_order: chosen } } })];
}
