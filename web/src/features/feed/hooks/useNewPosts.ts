// How many posts came since the home feed was loaded.
import { api } from "../../../api";
import { isNewer } from "../../../api/newest";
import type { HomePage, Post } from "../../../api/types";

/** Besides the count, whether whom one follows changed. Posts that are on screen already are not counted. */
export function useNewPosts(first: HomePage | undefined, shown: Post[]): { count: number; changed: boolean } {
  const since = first?.newest ?? "0";
  const { currentData } = api.useCountNewPostsQuery(
    { since },
    { skip: !first, pollingInterval: 20_000, skipPollingIfUnfocused: true, refetchOnFocus: true },
  );
  const already = shown.filter(({ feed_id }) => feed_id && isNewer(feed_id, since)).length;
  return { count: Math.max(0, (currentData?.count ?? 0) - already), changed: first?.changed ?? false };
}
