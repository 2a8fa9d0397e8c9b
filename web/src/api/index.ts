// How the generated endpoints are cached, and what shows before the server has answered.
import { applyTheme, isTheme, storedTheme } from "../lib/theme";
import { showToast } from "../ui/toasts";
import {
  addComment,
  addPost,
  type Cache,
  changeComment,
  changePost,
  changeUser,
  removeComment,
  removePost,
} from "./cache";
import { friendly } from "./errors";
import { listsApi } from "./lists";
import { readCsrfCookie, signedIn, signedOut } from "./session";
import type { Me, Post } from "./types";

type Started<T> = Cache & { queryFulfilled: Promise<{ data: T }> };

/** Shows a change at once; takes it back and says why when the server refuses. */
async function optimistic<T>({ dispatch, queryFulfilled }: Started<T>, undo: () => void): Promise<T | undefined> {
  try {
    return (await queryFulfilled).data;
  } catch (failure) {
    undo();
    dispatch(showToast({ text: friendly((failure as { error?: unknown }).error), tone: "error" }));
    return undefined;
  }
}

type Reactable = { like_count: number; viewer: { reaction: string | null } | null };
type Reacted = { reaction: string | null; like_count: number };

const react = (reaction: string | null) => (thing: Reactable) => {
  if (!thing.viewer || (thing.viewer.reaction === null) === (reaction === null)) return;
  thing.viewer.reaction = reaction;
  thing.like_count = Math.max(0, thing.like_count + (reaction ? 1 : -1));
};

const settle = (answer: Reacted) => (thing: Reactable) => {
  if (thing.viewer) thing.viewer.reaction = answer.reaction;
  thing.like_count = answer.like_count;
};

async function reactToPost(postId: string, reaction: string | null, started: Started<Reacted>) {
  const answer = await optimistic(started, changePost(started, postId, react(reaction)));
  if (answer) changePost(started, postId, settle(answer));
}

async function reactToComment(commentId: string, reaction: string | null, started: Started<Reacted>) {
  const answer = await optimistic(started, changeComment(started, commentId, react(reaction)));
  if (answer) changeComment(started, commentId, settle(answer));
}

type Following = { following: "NONE" | "PENDING" | "ACCEPTED" };

async function setFollowing(userId: string, wanted: "NONE" | "ACCEPTED", started: Started<Following>) {
  const move = (to: Following["following"]) =>
    changeUser(started, userId, (user) => {
      if (!user.viewer) return;
      const before = user.viewer.following === "ACCEPTED" ? 1 : 0;
      user.viewer.following = to;
      user.follower_count += (to === "ACCEPTED" ? 1 : 0) - before;
    });
  let guess: Following["following"] = wanted;
  changeUser(started, userId, (user) => {
    if (user.is_private && wanted === "ACCEPTED") guess = "PENDING";
  });
  const answer = await optimistic(started, move(guess));
  if (!answer) return;
  move(answer.following);
  started.dispatch(listsApi.util.invalidateTags(["Home", "People", { type: "User", id: "me" }]));
}

const replace = (fresh: Post) => (post: Post) => {
  Object.assign(post, fresh);
};

export const api = listsApi.enhanceEndpoints({
  endpoints: {
    getUser: {
      providesTags: (user, _error, { userId }) => [
        ...(user ? [{ type: "User" as const, id: user.user_id }] : []),
        ...(userId === "me" ? [{ type: "User" as const, id: "me" }] : []),
      ],
      async onQueryStarted({ userId }, { queryFulfilled }) {
        if (userId !== "me") return;
        const answer = await queryFulfilled.catch(() => undefined);
        if (answer) takeTheme(answer.data as Me);
      },
    },
    login: { onQueryStarted: (_arg, started) => enter(started) },
    registerAccount: { onQueryStarted: (_arg, started) => enter(started) },
    logout: {
      async onQueryStarted(_arg, { dispatch, queryFulfilled }) {
        await queryFulfilled.catch(() => undefined);
        dispatch(signedOut());
        dispatch(listsApi.util.resetApiState());
      },
    },
    updateMe: {
      async onQueryStarted(_arg, { dispatch, queryFulfilled }) {
        const answer = await queryFulfilled.catch(() => undefined);
        if (!answer) return;
        dispatch(listsApi.util.upsertQueryData("getUser", { userId: "me" }, answer.data));
        dispatch(listsApi.util.upsertQueryData("getUser", { userId: `@${answer.data.username}` }, answer.data));
      },
    },
    listSessions: { providesTags: ["Session"] },
    revokeSession: { invalidatesTags: ["Session"] },
    lookupUsers: { keepUnusedDataFor: 60 },
    follow: { onQueryStarted: ({ userId }, started) => setFollowing(userId, "ACCEPTED", started) },
    unfollow: { onQueryStarted: ({ userId }, started) => setFollowing(userId, "NONE", started) },
    getPost: { providesTags: (_post, _error, { postId }) => [{ type: "Post", id: postId }] },
    waitForPost: {
      keepUnusedDataFor: 0,
      async onQueryStarted({ postId }, started) {
        const answer = await started.queryFulfilled.catch(() => undefined);
        if (answer) changePost(started, postId, replace(answer.data));
      },
    },
    createPost: {
      async onQueryStarted(_arg, started) {
        const answer = await started.queryFulfilled.catch(() => undefined);
        if (answer) addPost(started, answer.data);
      },
    },
    deletePost: { onQueryStarted: ({ postId }, started) => deletePost(postId, started) },
    restorePost: {
      invalidatesTags: (_post, error, { postId }) => (error ? [] : ["Home", { type: "Post", id: postId }]),
    },
    likePost: { onQueryStarted: ({ postId }, started) => reactToPost(postId, "LIKE", started) },
    unlikePost: { onQueryStarted: ({ postId }, started) => reactToPost(postId, null, started) },
    likeComment: { onQueryStarted: ({ commentId }, started) => reactToComment(commentId, "LIKE", started) },
    unlikeComment: { onQueryStarted: ({ commentId }, started) => reactToComment(commentId, null, started) },
    createComment: {
      async onQueryStarted({ postId }, started) {
        const answer = await started.queryFulfilled.catch(() => undefined);
        if (!answer) return;
        const comment = answer.data;
        addComment(started, comment);
        if (comment.parent_id) {
          changeComment(started, comment.parent_id, (parent) => {
            parent.reply_count += 1;
          });
        }
        changePost(started, postId, (post) => {
          post.comment_count += 1;
        });
      },
    },
    deleteComment: { onQueryStarted: ({ commentId }, started) => deleteComment(commentId, started) },
  },
});

/** Starts a fresh cache for who just came in. Without cookies there is no session yet: the account waits for approval. */
async function enter({ dispatch, queryFulfilled }: Started<{ user: Me }>) {
  const answer = await queryFulfilled.catch(() => undefined);
  if (!answer || !readCsrfCookie()) return;
  dispatch(listsApi.util.resetApiState());
  dispatch(listsApi.util.upsertQueryData("getUser", { userId: "me" }, answer.data.user));
  dispatch(signedIn());
  takeTheme(answer.data.user);
}

/** On a device without a choice of its own, the account's theme holds. */
function takeTheme({ preferences }: Me) {
  if (!storedTheme() && isTheme(preferences?.theme)) applyTheme(preferences.theme);
}

async function deletePost(postId: string, started: Started<unknown>) {
  const undo = removePost(started, postId);
  const done = await optimistic(started, undo);
  if (done === undefined) return;
  started.dispatch(listsApi.util.invalidateTags([{ type: "User", id: "me" }]));
  started.dispatch(showToast({ text: "Post deleted.", seconds: 30, undo: { kind: "restorePost", postId } }));
}

async function deleteComment(commentId: string, started: Started<unknown>) {
  let postId: string | undefined;
  let parentId: string | null | undefined;
  let gone = 1;
  changeComment(started, commentId, (comment) => {
    postId = comment.post_id;
    parentId = comment.parent_id;
    gone = 1 + comment.reply_count;
  });
  const undo = removeComment(started, commentId);
  if ((await optimistic(started, undo)) === undefined) return;
  if (parentId) {
    changeComment(started, parentId, (parent) => {
      parent.reply_count -= 1;
    });
  }
  if (postId) {
    changePost(started, postId, (post) => {
      post.comment_count = Math.max(0, post.comment_count - gone);
    });
  }
}
