// The order of one's home feed, kept with the account, and on the device for the next start; who never chose has it
// ranked.
import { useEffect } from "react";
import { api } from "../../../api";
import type { FeedOrder } from "../../../api/types";
import { read, write } from "../../../lib/stored";
import { useSession } from "../../session/hooks/useSession";

export function useFeedOrder(): [FeedOrder, (order: FeedOrder) => void] {
  const { me } = useSession();
  const [save] = api.useUpdateMeMutation();
  const chosen = me && (me.preferences?.feed_order ?? "ranked");
  const order = chosen ?? (read("order") === "latest" ? "latest" : "ranked");
  useEffect(() => {
    if (chosen) write("order", chosen);
  }, [chosen]);
  return [order, (wanted) => save({ body: { preferences: { feed_order: wanted } } })];
}
