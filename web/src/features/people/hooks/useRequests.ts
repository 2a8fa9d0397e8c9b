// Who asks to follow one's private account.
import { api } from "../../../api";
import { useSession } from "../../session/hooks/useSession";

export function useRequests() {
  const { me } = useSession();
  return api.useFollowRequestsInfiniteQuery(undefined, {
    skip: !me?.is_private,
    pollingInterval: 60_000,
    skipPollingIfUnfocused: true,
    refetchOnFocus: true,
  });
}
