// What came since the home feed was loaded: how many posts there are, and showing them.
import { api } from "../../../api";
import { putFirst } from "../../../api/cache";
import { isNewer } from "../../../api/newest";
import type { FeedOrder, HomePage, Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";

const mostFirst = 20;

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

/** Loads the feed anew. What is new stands first, also where the order would have it further down. */
export function useShowNew(order: FeedOrder, since: string | undefined, count: number, reload: () => unknown) {
  const dispatch = useAppDispatch();
  return async () => {
    window.scrollTo(0, 0);
    const latest = dispatch(
      api.endpoints.homeFeed.initiate(
        { order: "latest", limit: Math.min(mostFirst, count + 1) },
        { forceRefetch: true },
      ),
    );
    const { data } = await latest;
    latest.unsubscribe();
    await reload();
    const posts = data?.data.filter(({ feed_id }) => feed_id && isNewer(feed_id, since ?? "0")) ?? [];
    if (count > 0) putFirst({ dispatch }, order, posts);
    // The store tells of what was put first with the next frame.
    requestAnimationFrame(() => requestAnimationFrame(focusFirst));
  };
}

function focusFirst() {
  document.querySelector<HTMLElement>("article[data-post-id]")?.focus({ preventScroll: true });
}
