// What acts on posts and comments change of what is cached.
import { t } from "../i18n";
import { showToast } from "../ui/toasts";
import { changeComment, changePost, homeChanged, removeComment, removePost } from "./cache";
import { listsApi } from "./lists";
import { optimistic, type Started } from "./optimistic";
import type { Comment, Post } from "./types";

// Likes are null where their author keeps them to themselves.
type Counts = { [kind: string]: number };
type Reactable = {
  like_count: number | null;
  reaction_counts: Counts | null;
  viewer: { reaction: string | null } | null;
};
type Reacted = { reaction: string | null; like_count: number | null; reaction_counts: Counts | null };

/** A reaction shown; showing it again changes nothing. */
export const react = (reaction: string | null) => (thing: Reactable) => {
  if (!thing.viewer || thing.viewer.reaction === reaction) return;
  const before = thing.viewer.reaction;
  thing.viewer.reaction = reaction;
  const step = Number(reaction !== null) - Number(before !== null);
  if (thing.like_count !== null) thing.like_count = Math.max(0, thing.like_count + step);
  const counts = thing.reaction_counts;
  if (!counts) return;
  if (before) counts[before] = Math.max(0, (counts[before] ?? 0) - 1);
  if (reaction) counts[reaction] = (counts[reaction] ?? 0) + 1;
};

export const settle = (answer: Reacted) => (thing: Reactable) => {
  if (thing.viewer) thing.viewer.reaction = answer.reaction;
  thing.like_count = answer.like_count;
  thing.reaction_counts = answer.reaction_counts;
};

export async function reactToPost(postId: string, reaction: string | null, started: Started<Reacted>) {
  const answer = await optimistic(started, changePost(started, postId, react(reaction)));
  if (answer) changePost(started, postId, settle(answer));
}

export async function reactToComment(commentId: string, reaction: string | null, started: Started<Reacted>) {
  const answer = await optimistic(started, changeComment(started, commentId, react(reaction)));
  if (answer) changeComment(started, commentId, settle(answer) as (comment: Comment) => void);
}

export async function savePost(postId: string, saved: boolean, started: Started<unknown>) {
  const mark = (post: Post) => {
    if (post.viewer) post.viewer.saved = saved;
  };
  const answer = await optimistic(started, changePost(started, postId, mark));
  if (answer !== undefined) started.dispatch(listsApi.util.invalidateTags(["Saved"]));
}

/** What the server answers stands wherever the post shows; a pin moves it on its author's page. */
export async function takeChange(started: Started<Post>) {
  const answer = await started.queryFulfilled.catch(() => undefined);
  if (answer) changePost(started, answer.data.post_id, replace(answer.data));
  return answer?.data;
}

export async function pinPost(started: Started<Post>) {
  const post = await takeChange(started);
  if (post) started.dispatch(listsApi.util.invalidateTags([{ type: "PostsBy", id: post.author.user_id }]));
}

export const replace = (fresh: Post) => (post: Post) => {
  Object.assign(post, fresh);
};

/** How to put back posts that were taken away a moment ago. */
const takenAway = new Map<string, () => void>();

async function takeAway(postId: string, started: Started<unknown>): Promise<boolean> {
  const undo = removePost(started, postId);
  if ((await optimistic(started, undo)) === undefined) return false;
  takenAway.set(postId, undo);
  started.dispatch(listsApi.util.invalidateTags([{ type: "User", id: "me" }, "Archived"]));
  return true;
}

export async function deletePost(postId: string, started: Started<unknown>) {
  if (!(await takeAway(postId, started))) return;
  started.dispatch(showToast({ text: t("post:deleted"), seconds: 30, undo: { kind: "restorePost", id: postId } }));
}

export async function archivePost(postId: string, started: Started<unknown>) {
  if (!(await takeAway(postId, started))) return;
  const undo = { kind: "unarchivePost" as const, id: postId };
  started.dispatch(showToast({ text: t("post:archived"), seconds: 30, undo }));
}

export async function bringBack(postId: string, started: Started<Post>) {
  const answer = await started.queryFulfilled.catch(() => undefined);
  if (!answer) return;
  const putBack = takenAway.get(postId);
  takenAway.delete(postId);
  if (putBack) putBack();
  else homeChanged(started);
  changePost(started, postId, replace(answer.data));
  started.dispatch(listsApi.util.invalidateTags([{ type: "User", id: "me" }, "Archived"]));
}

/** The words change at once, and back when they are refused. */
export async function editComment(commentId: string, text: string, started: Started<Comment>) {
  const undo = changeComment(started, commentId, (comment) => {
    comment.text = text;
  });
  const answer = await started.queryFulfilled.catch(() => undefined);
  if (!answer) undo();
  else changeComment(started, commentId, (comment) => void Object.assign(comment, answer.data));
}

/** How to put back comments that were taken away a moment ago. */
const takenBack = new Map<string, () => void>();

export async function restoreComment(commentId: string, started: Started<Comment>) {
  const answer = await started.queryFulfilled.catch(() => undefined);
  if (!answer) return;
  takenBack.get(commentId)?.();
  takenBack.delete(commentId);
  changeComment(started, commentId, (comment) => void Object.assign(comment, answer.data));
}

export async function deleteComment(commentId: string, started: Started<unknown>) {
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
  const count = (step: 1 | -1) => {
    if (parentId) {
      changeComment(started, parentId, (parent) => {
        parent.reply_count += step;
      });
    }
    if (postId) {
      changePost(started, postId, (post) => {
        post.comment_count = Math.max(0, post.comment_count + step * gone);
      });
    }
  };
  count(-1);
  takenBack.set(commentId, () => {
    undo();
    count(1);
  });
  const restore = { kind: "restoreComment" as const, id: commentId };
  started.dispatch(showToast({ text: t("talk:deleted"), seconds: 30, undo: restore }));
}
