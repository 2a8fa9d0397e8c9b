// Changes to what is cached: one post, person or comment wherever it shows. Each returns how to take it back.
import type { ThunkDispatch, UnknownAction } from "@reduxjs/toolkit";
import { listsApi } from "./lists";
import type { Account, Comment, FeedOrder, Page, Person, Post, Profile, Suggestion } from "./types";

// biome-ignore-start lint/suspicious/noExplicitAny: the root state is made from this API, so it cannot be named here
export type Cache = { dispatch: ThunkDispatch<any, any, UnknownAction>; getState: () => any };
// biome-ignore-end lint/suspicious/noExplicitAny: as above
type Undo = () => void;
type List<T> = { pages: Page<T>[] };
const { updateQueryData, selectInvalidatedBy } = listsApi.util;

const postLists = ["homePosts", "userPosts", "savedPosts", "archivedPosts", "explorePosts", "hashtagPosts"] as const;
const orders: FeedOrder[] = ["ranked", "latest"];
const commentLists = ["comments", "replies"] as const;
const standingLists = ["followers", "followed", "postLikers"] as const;

function together(patches: { undo: Undo }[]): Undo {
  return () => {
    for (const patch of patches.reverse()) patch.undo();
  };
}

function eachItem<T>(list: List<T>, matches: (item: T) => boolean, change: (item: T) => void) {
  for (const page of list.pages) for (const item of page.data) if (matches(item)) change(item);
}

function drop<T>(list: List<T>, matches: (item: T) => boolean) {
  for (const page of list.pages) page.data = page.data.filter((item) => !matches(item));
}

/** A post as some loaded list has it, to show before the post itself is fetched. */
export function findPost(state: ReturnType<Cache["getState"]>, postId: string): Post | undefined {
  for (const { endpointName, originalArgs } of selectInvalidatedBy(state, [{ type: "Post", id: postId }])) {
    const list = postLists.find((name) => name === endpointName);
    if (!list) continue;
    const { data } = listsApi.endpoints[list].select(originalArgs)(state);
    for (const page of data?.pages ?? []) {
      const found = page.data.find(({ post_id }) => post_id === postId);
      if (found) return found;
    }
  }
  return undefined;
}

export function changePost({ dispatch, getState }: Cache, postId: string, change: (post: Post) => void): Undo {
  const patches: { undo: Undo }[] = [];
  for (const { endpointName, originalArgs } of selectInvalidatedBy(getState(), [{ type: "Post", id: postId }])) {
    if (endpointName === "getPost") patches.push(dispatch(updateQueryData("getPost", originalArgs, change)));
    const list = postLists.find((name) => name === endpointName);
    if (list)
      patches.push(
        dispatch(
          updateQueryData(list, originalArgs, (draft) =>
            eachItem(draft as List<Post>, ({ post_id }) => post_id === postId, change),
          ),
        ),
      );
  }
  return together(patches);
}

/** Takes a post out of all lists. What is given back puts it where it stood, whatever else changed there meanwhile. */
export function removePost({ dispatch, getState }: Cache, postId: string): Undo {
  const undos: Undo[] = [];
  for (const { endpointName, originalArgs } of selectInvalidatedBy(getState(), [{ type: "Post", id: postId }])) {
    const list = postLists.find((name) => name === endpointName);
    if (!list) continue;
    const { data } = listsApi.endpoints[list].select(originalArgs)(getState());
    const change = (recipe: (draft: List<Post>) => void) =>
      dispatch(updateQueryData(list, originalArgs, (draft) => recipe(draft as List<Post>)));
    data?.pages.forEach((page, at) => {
      const place = page.data.findIndex(({ post_id }) => post_id === postId);
      const post = page.data[place];
      if (!post) return;
      undos.push(() => {
        change((draft) => {
          drop(draft, ({ post_id }) => post_id === postId);
          draft.pages[at]?.data.splice(place, 0, post);
        });
      });
    });
    change((draft) => drop(draft, ({ post_id }) => post_id === postId));
  }
  return () => {
    for (const undo of undos) undo();
  };
}

/** Puts posts at the top of the home feed. */
export function putFirst({ dispatch }: Pick<Cache, "dispatch">, order: FeedOrder, posts: Post[]) {
  const shown = new Set(posts.map(({ post_id }) => post_id));
  dispatch(
    updateQueryData("homePosts", { order }, (draft) => {
      drop(draft as List<Post>, ({ post_id }) => shown.has(post_id));
      draft.pages[0]?.data.unshift(...posts);
    }),
  );
}

/** Takes the posts of an author out of the home feed, in both orders. */
export function dropAuthor({ dispatch }: Cache, userId: string) {
  for (const order of orders) {
    dispatch(
      updateQueryData("homePosts", { order }, (draft) =>
        drop(draft as List<Post>, ({ author }) => author.user_id === userId),
      ),
    );
  }
}

/** The home feed may hold other posts now: a short one is asked for anew, a long one says so and keeps its place. */
export function homeChanged({ dispatch, getState }: Cache) {
  for (const order of orders) {
    const { data } = listsApi.endpoints.homePosts.select({ order })(getState());
    const goesOn = data && (data.pages.length > 1 || data.pages[0]?.pagination.has_more);
    if (!goesOn) dispatch(listsApi.util.invalidateTags([{ type: "Home", id: order }]));
    else {
      dispatch(
        updateQueryData("homePosts", { order }, (draft) => {
          if (draft.pages[0]) draft.pages[0].changed = true;
        }),
      );
    }
  }
}

type PeopleLists = "followers" | "followRequests" | "blocked" | "muted";

/** Changes how one stands to a person, in every list that shows it. */
export function changeStanding(
  { dispatch, getState }: Cache,
  userId: string,
  change: (viewer: NonNullable<Person["viewer"]>) => void,
): Undo {
  const patches: { undo: Undo }[] = [];
  const each = (people: Person[]) => {
    for (const { user_id, viewer } of people) if (user_id === userId && viewer) change(viewer);
  };
  for (const { endpointName, originalArgs } of selectInvalidatedBy(getState(), ["Standing"])) {
    const list = standingLists.find((name) => name === endpointName);
    if (list) {
      const recipe = (draft: unknown) => {
        for (const page of (draft as List<Person>).pages) each(page.data);
      };
      patches.push(dispatch(updateQueryData(list, originalArgs, recipe)));
    }
    if (endpointName === "lookupUsers")
      patches.push(dispatch(updateQueryData("lookupUsers", originalArgs, ({ data }) => each(data))));
    if (endpointName === "listSuggestions") {
      const recipe = ({ data }: { data: Suggestion[] }) => each(data.map(({ user }) => user));
      patches.push(dispatch(updateQueryData("listSuggestions", originalArgs, recipe)));
    }
  }
  return together(patches);
}

/** Takes a suggestion away wherever it stands. */
export function removeSuggestion({ dispatch, getState }: Cache, userId: string): Undo {
  const patches = selectInvalidatedBy(getState(), ["Suggestions"]).map(({ originalArgs }) =>
    dispatch(
      updateQueryData("listSuggestions", originalArgs, (draft) => {
        draft.data = draft.data.filter(({ user }) => user.user_id !== userId);
      }),
    ),
  );
  return together(patches);
}

/** Takes a person out of a list of people. */
export function removePerson<L extends PeopleLists>(
  { dispatch }: Cache,
  list: L,
  args: Parameters<typeof updateQueryData<L>>[1],
  userId: string,
): Undo {
  return dispatch(
    updateQueryData(list, args, (draft: unknown) => drop(draft as List<Account>, ({ user_id }) => user_id === userId)),
  ).undo;
}

/** Puts a new post at the top of its author's home and profile, where those are loaded. */
export function addPost({ dispatch, getState }: Cache, post: Post) {
  const first = (list: List<Post>) => {
    drop(list, ({ post_id }) => post_id === post.post_id);
    list.pages[0]?.data.unshift(post);
  };
  for (const order of orders) dispatch(updateQueryData("homePosts", { order }, (draft) => first(draft as List<Post>)));
  for (const userId of [post.author.user_id, `@${post.author.username}`, "me"]) {
    dispatch(updateQueryData("userPosts", { userId }, first));
  }
  changeUser({ dispatch, getState }, post.author.user_id, (author) => {
    author.post_count += 1;
  });
}

export function changeUser({ dispatch, getState }: Cache, userId: string, change: (user: Profile) => void): Undo {
  const patches = selectInvalidatedBy(getState(), [{ type: "User", id: userId }])
    .filter(({ endpointName }) => endpointName === "getUser")
    .map(({ originalArgs }) => dispatch(updateQueryData("getUser", originalArgs, change)));
  return together(patches);
}

function eachCommentList(
  { dispatch, getState }: Cache,
  commentId: string,
  change: (list: List<Comment>) => void,
): Undo {
  const patches: { undo: Undo }[] = [];
  for (const { endpointName, originalArgs } of selectInvalidatedBy(getState(), [{ type: "Comment", id: commentId }])) {
    const list = commentLists.find((name) => name === endpointName);
    if (list) patches.push(dispatch(updateQueryData(list, originalArgs, (draft) => change(draft as List<Comment>))));
  }
  return together(patches);
}

export function changeComment(cache: Cache, commentId: string, change: (comment: Comment) => void): Undo {
  return eachCommentList(cache, commentId, (list) =>
    eachItem(list, ({ comment_id }) => comment_id === commentId, change),
  );
}

/** Takes a comment out of its list. What is given back puts it where it stood, whatever was said meanwhile. */
export function removeComment(cache: Cache, commentId: string): Undo {
  const { dispatch, getState } = cache;
  const is = ({ comment_id }: Comment) => comment_id === commentId;
  const undos: Undo[] = [];
  for (const { endpointName, originalArgs } of selectInvalidatedBy(getState(), [{ type: "Comment", id: commentId }])) {
    const list = commentLists.find((name) => name === endpointName);
    if (!list) continue;
    const { data } = listsApi.endpoints[list].select(originalArgs)(getState());
    data?.pages.forEach((page, at) => {
      const place = page.data.findIndex(is);
      const comment = page.data[place];
      if (!comment) return;
      undos.push(() => {
        dispatch(
          updateQueryData(list, originalArgs, (draft) => {
            drop(draft as List<Comment>, is);
            (draft as List<Comment>).pages[at]?.data.splice(place, 0, comment);
          }),
        );
      });
    });
  }
  eachCommentList(cache, commentId, (list) => drop(list, is));
  return () => {
    for (const undo of undos) undo();
  };
}

/** Puts a new comment at the end of what is loaded of its list. */
export function addComment({ dispatch }: Cache, comment: Comment) {
  const last = (list: List<Comment>) => {
    list.pages.at(-1)?.data.push(comment);
  };
  if (comment.parent_id) dispatch(updateQueryData("replies", { commentId: comment.parent_id }, last));
  else dispatch(updateQueryData("comments", { postId: comment.post_id }, last));
}
