// How the generated endpoints are cached, and what shows before the server has answered.
import { draftCleared } from "../features/compose/draft";
import { changeLanguage } from "../i18n";
import { languageOf } from "../i18n/languages";
import { applyTheme, isTheme, storedTheme } from "../lib/theme";
import { addPost, changePost, changeUser } from "./cache";
import { answerRequest, dismissSuggestion, removeFollower, setBlocking, setFollowing, setMuting } from "./graph";
import { listsApi } from "./lists";
import { optimistic, type Started } from "./optimistic";
import { takeComment } from "./outbox/pending";
import {
  archivePost,
  bringBack,
  deleteComment,
  deletePost,
  editComment,
  pinPost,
  reactToComment,
  reactToPost,
  replace,
  restoreComment,
  savePost,
  takeChange,
} from "./posts";
import { readCsrfCookie, signedIn, signedOut } from "./session";
import type { Me, Profile } from "./types";

/** Who logs out leaves no draft on the device. */
function forgetDrafts() {
  globalThis.indexedDB?.deleteDatabase("tintype-drafts");
}

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
        if (answer) takePreferences(answer.data as Me);
      },
    },
    login: { onQueryStarted: (_arg, started) => enter(started) },
    registerAccount: { onQueryStarted: (_arg, started) => enter(started) },
    loginSecondFactor: { onQueryStarted: (_arg, started) => enter(started) },
    finishPasskeyLogin: { onQueryStarted: (_arg, started) => enter(started) },
    registerNewcomer: { onQueryStarted: (_arg, started) => enter(started) },
    logout: { onQueryStarted: (_arg, started) => leave(started, true) },
    deactivateAccount: { onQueryStarted: (_arg, started) => leave(started) },
    deleteAccount: { onQueryStarted: (_arg, started) => leave(started) },
    getSecurity: { providesTags: ["Security"], keepUnusedDataFor: 0 },
    changeEmail: { invalidatesTags: ["Security"] },
    changePassword: { invalidatesTags: ["Security", "Session"] },
    verifyEmail: { invalidatesTags: ["Security", { type: "User", id: "me" }] },
    confirmTotp: { invalidatesTags: ["Security"] },
    removeTotp: { invalidatesTags: ["Security"] },
    newRecoveryCodes: { invalidatesTags: ["Security"] },
    addPasskey: { invalidatesTags: ["Security"] },
    renamePasskey: { invalidatesTags: ["Security"] },
    removePasskey: { invalidatesTags: ["Security"] },
    unlinkProvider: { invalidatesTags: ["Security"] },
    changeUsername: {
      async onQueryStarted(_arg, { dispatch, queryFulfilled }) {
        const answer = await queryFulfilled.catch(() => undefined);
        if (answer) dispatch(listsApi.util.upsertQueryData("getUser", { userId: "me" }, answer.data));
      },
    },
    updateMe: {
      async onQueryStarted({ body }, started) {
        const { dispatch, queryFulfilled } = started;
        const choosing = Object.keys(body).every((field) => field === "preferences" || field === "is_private");
        const answer = choosing
          ? await optimistic(started, prefer(started, body)).then((data) => data && { data })
          : await queryFulfilled.catch(() => undefined);
        if (!answer) return;
        if (body.is_private !== undefined) dispatch(listsApi.util.invalidateTags(["Requests"]));
        dispatch(listsApi.util.upsertQueryData("getUser", { userId: "me" }, answer.data));
        dispatch(listsApi.util.upsertQueryData("getUser", { userId: `@${answer.data.username}` }, answer.data));
      },
    },
    listSessions: { providesTags: ["Session"] },
    revokeSession: { invalidatesTags: ["Session"] },
    lookupUsers: { keepUnusedDataFor: 60, providesTags: ["Standing"] },
    follow: { onQueryStarted: ({ userId }, started) => setFollowing(userId, "ACCEPTED", started) },
    unfollow: { onQueryStarted: ({ userId }, started) => setFollowing(userId, "NONE", started) },
    block: { onQueryStarted: ({ userId }, started) => setBlocking(userId, true, started) },
    unblock: { onQueryStarted: ({ userId }, started) => setBlocking(userId, false, started) },
    mute: { onQueryStarted: ({ userId }, started) => setMuting(userId, true, started) },
    unmute: { onQueryStarted: ({ userId }, started) => setMuting(userId, false, started) },
    acceptFollowRequest: { onQueryStarted: ({ userId }, started) => answerRequest(userId, true, started) },
    declineFollowRequest: { onQueryStarted: ({ userId }, started) => answerRequest(userId, false, started) },
    removeFollower: { onQueryStarted: ({ userId }, started) => removeFollower(userId, started) },
    getPost: {
      providesTags: (post, _error, { postId }) => [
        { type: "Post", id: postId },
        ...(post ? [{ type: "PostsBy" as const, id: post.author.user_id }] : []),
      ],
    },
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
    restorePost: { onQueryStarted: ({ postId }, started) => bringBack(postId, started) },
    archivePost: { onQueryStarted: ({ postId }, started) => archivePost(postId, started) },
    unarchivePost: { onQueryStarted: ({ postId }, started) => bringBack(postId, started) },
    updatePost: { onQueryStarted: (_arg, started) => void takeChange(started) },
    savePost: { onQueryStarted: ({ postId }, started) => savePost(postId, true, started) },
    unsavePost: { onQueryStarted: ({ postId }, started) => savePost(postId, false, started) },
    pinPost: { onQueryStarted: (_arg, started) => pinPost(started) },
    unpinPost: { onQueryStarted: (_arg, started) => pinPost(started) },
    sharePost: {
      async onQueryStarted({ postId }, started) {
        const answer = await started.queryFulfilled.catch(() => undefined);
        if (!answer) return;
        changePost(started, postId, (post) => {
          post.share_count = answer.data.share_count;
        });
      },
    },
    countNewPosts: { keepUnusedDataFor: 0 },
    whyPost: { keepUnusedDataFor: 60 },
    recordImpressions: (endpoint) => {
      const { query } = endpoint;
      // What was seen is told while the page goes away.
      if (query) endpoint.query = (arg) => ({ ...(query(arg) as object), keepalive: true }) as ReturnType<typeof query>;
    },
    likePost: {
      onQueryStarted: ({ postId, body }, started) => reactToPost(postId, body.reaction ?? "LIKE", started),
    },
    unlikePost: { onQueryStarted: ({ postId }, started) => reactToPost(postId, null, started) },
    likeComment: {
      onQueryStarted: ({ commentId, body }, started) => reactToComment(commentId, body.reaction ?? "LIKE", started),
    },
    unlikeComment: { onQueryStarted: ({ commentId }, started) => reactToComment(commentId, null, started) },
    createComment: {
      async onQueryStarted({ postId }, started) {
        const answer = await started.queryFulfilled.catch(() => undefined);
        if (!answer) return;
        takeComment(started, postId, answer.data);
      },
    },
    updateComment: {
      onQueryStarted: ({ commentId, body }, started) => editComment(commentId, body.text, started),
    },
    deleteComment: { onQueryStarted: ({ commentId }, started) => deleteComment(commentId, started) },
    restoreComment: { onQueryStarted: ({ commentId }, started) => restoreComment(commentId, started) },
    listSuggestions: { providesTags: ["Suggestions", "Standing"] },
    dismissSuggestion: { onQueryStarted: ({ userId }, started) => dismissSuggestion(userId, started) },
    lookupHashtags: { keepUnusedDataFor: 60 },
    getHashtag: { providesTags: (tag) => (tag ? [{ type: "Hashtag", id: tag.name }] : []) },
  },
});

/** Starts a fresh cache for who just came in. Without cookies there is no session yet: the account waits for approval. */
async function enter({ dispatch, queryFulfilled }: Started<{ user: Me }>) {
  const answer = await queryFulfilled.catch(() => undefined);
  if (!answer || !readCsrfCookie()) return;
  dispatch(listsApi.util.resetApiState());
  dispatch(listsApi.util.upsertQueryData("getUser", { userId: "me" }, answer.data.user));
  dispatch(signedIn());
  takePreferences(answer.data.user);
}

/** Nobody is signed in any more; logging out is so even without an answer. */
async function leave({ dispatch, queryFulfilled }: Started<unknown>, always = false) {
  const answer = await queryFulfilled.catch(() => undefined);
  if (!answer && !always) return;
  dispatch(draftCleared());
  forgetDrafts();
  dispatch(signedOut());
  dispatch(listsApi.util.resetApiState());
}

/** On a device without a choice of its own, the account's theme holds. Its language holds on every device. */
function takePreferences({ preferences }: Me) {
  if (!storedTheme() && isTheme(preferences?.theme)) applyTheme(preferences.theme);
  const language = languageOf(preferences?.language);
  if (language) void changeLanguage(language);
}

/** A preference holds at once. */
function prefer(
  started: Started<unknown>,
  { preferences, is_private }: Partial<Pick<Me, "preferences" | "is_private">>,
) {
  return changeUser(started, "me", (user: Profile) => {
    const me = user as Me;
    me.preferences = { ...me.preferences, ...preferences };
    me.is_private = is_private ?? me.is_private;
  });
}
