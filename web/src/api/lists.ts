// The lists that go on by cursor, as infinite queries.
import { generatedApi } from "./generated";
import { newestOf } from "./newest";
import type { Account, Comment, FeedOrder, HomePage, Liker, Page, Person, Post, Reaction } from "./types";

const byCursor = {
  initialPageParam: "",
  getNextPageParam: ({ pagination }: Page<unknown>) =>
    pagination.has_more && pagination.next_cursor ? pagination.next_cursor : undefined,
};

const at = (url: string, limit: number) => (cursor: string) => ({
  url: `/api/v1${url}`,
  params: { limit, ...(cursor ? { cursor } : {}) },
});
const atHome = (order: FeedOrder, limit: number, cursor = "") => ({
  url: "/api/v1/feed/home",
  params: { order, limit, ...(cursor ? { cursor } : {}) },
});

const posts = (page: { pages: Page<Post>[] } | undefined) =>
  (page?.pages ?? []).flatMap(({ data }) => data.map(({ post_id }) => ({ type: "Post" as const, id: post_id })));
const people = (type: "Requests" | "Blocks" | "Mutes", path: string) => ({
  query: ({ pageParam }: { pageParam: string }) => at(`/users/me/${path}`, 40)(pageParam),
  providesTags: [type],
  infiniteQueryOptions: byCursor,
});
const comments = (page: { pages: Page<Comment>[] } | undefined) =>
  (page?.pages ?? []).flatMap(({ data }) =>
    data.map(({ comment_id }) => ({ type: "Comment" as const, id: comment_id })),
  );
const id = encodeURIComponent;

export const listsApi = generatedApi.injectEndpoints({
  endpoints: (build) => ({
    homePosts: build.infiniteQuery<HomePage, { order: FeedOrder }, string>({
      async queryFn({ queryArg: { order }, pageParam }, _api, _extra, ask) {
        // The newest posts need not be on the first ranked page; asked first, so that none falls between the two.
        const latest = order === "ranked" && !pageParam ? ask(atHome("latest", 3)) : undefined;
        const answer = await ask(atHome(order, 12, pageParam));
        if (answer.error) return { error: answer.error };
        const page = answer.data as Page<Post>;
        const besides = (await latest)?.data as Page<Post> | undefined;
        return { data: { ...page, newest: newestOf([...page.data, ...(besides?.data ?? [])]) } };
      },
      providesTags: (page, _error, { order }) => [{ type: "Home", id: order }, ...posts(page)],
      // Asked for anew, a feed begins anew.
      infiniteQueryOptions: { ...byCursor, refetchCachedPages: false },
    }),
    userPosts: build.infiniteQuery<Page<Post>, { userId: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/users/${id(queryArg.userId)}/posts`, 24)(pageParam),
      providesTags: (page, _error, { userId }) => [{ type: "PostsBy", id: userId }, ...posts(page)],
      infiniteQueryOptions: byCursor,
    }),
    savedPosts: build.infiniteQuery<Page<Post>, void, string>({
      query: ({ pageParam }) => at("/users/me/saved", 24)(pageParam),
      providesTags: (page) => ["Saved", ...posts(page)],
      infiniteQueryOptions: byCursor,
    }),
    archivedPosts: build.infiniteQuery<Page<Post>, void, string>({
      query: ({ pageParam }) => at("/users/me/archived", 24)(pageParam),
      providesTags: (page) => ["Archived", ...posts(page)],
      infiniteQueryOptions: byCursor,
    }),
    explorePosts: build.infiniteQuery<Page<Post>, void, string>({
      query: ({ pageParam }) => at("/feed/explore", 30)(pageParam),
      providesTags: (page) => ["Explore", ...posts(page)],
      infiniteQueryOptions: { ...byCursor, refetchCachedPages: false },
    }),
    hashtagPosts: build.infiniteQuery<Page<Post>, { name: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/hashtags/${id(queryArg.name)}/posts`, 24)(pageParam),
      providesTags: (page, _error, { name }) => [{ type: "Hashtag", id: name }, ...posts(page)],
      infiniteQueryOptions: byCursor,
    }),
    followers: build.infiniteQuery<Page<Person>, { userId: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/users/${id(queryArg.userId)}/followers`, 40)(pageParam),
      providesTags: ["People", "Standing"],
      infiniteQueryOptions: byCursor,
    }),
    followed: build.infiniteQuery<Page<Person>, { userId: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/users/${id(queryArg.userId)}/following`, 40)(pageParam),
      providesTags: ["People", "Standing"],
      infiniteQueryOptions: byCursor,
    }),
    followRequests: build.infiniteQuery<Page<Account>, void, string>(people("Requests", "follow-requests")),
    blocked: build.infiniteQuery<Page<Account>, void, string>(people("Blocks", "blocks")),
    muted: build.infiniteQuery<Page<Account>, void, string>(people("Mutes", "mutes")),
    postLikers: build.infiniteQuery<Page<Liker>, { postId: string; reaction?: Reaction }, string>({
      query: ({ queryArg: { postId, reaction }, pageParam }) =>
        at(`/posts/${id(postId)}/likes${reaction ? `?reaction=${reaction}` : ""}`, 40)(pageParam),
      keepUnusedDataFor: 5,
      providesTags: ["People", "Standing"],
      infiniteQueryOptions: byCursor,
    }),
    comments: build.infiniteQuery<Page<Comment>, { postId: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/posts/${id(queryArg.postId)}/comments`, 20)(pageParam),
      keepUnusedDataFor: 60,
      providesTags: (page) => comments(page),
      infiniteQueryOptions: byCursor,
    }),
    replies: build.infiniteQuery<Page<Comment>, { commentId: string }, string>({
      query: ({ queryArg, pageParam }) => at(`/comments/${id(queryArg.commentId)}/replies`, 20)(pageParam),
      keepUnusedDataFor: 60,
      providesTags: (page) => comments(page),
      infiniteQueryOptions: byCursor,
    }),
  }),
});

/** The pages of a list as one, each thing once: a page fetched later may repeat what an earlier one had. */
export function merged<T>(list: { pages: Page<T>[] } | undefined, key: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const page of list?.pages ?? []) {
    for (const item of page.data) if (!seen.has(key(item))) seen.set(key(item), item);
  }
  return [...seen.values()];
}

export const postsOf = (list: { pages: Page<Post>[] } | undefined) => merged(list, ({ post_id }) => post_id);
export const commentsOf = (list: { pages: Page<Comment>[] } | undefined) =>
  merged(list, ({ comment_id }) => comment_id);
export const accountsOf = <A extends Account>(list: { pages: Page<A>[] } | undefined) =>
  merged(list, ({ user_id }) => user_id);
