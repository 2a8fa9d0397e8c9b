// Acts that wait show as done: on what is cached now, and on what is read before they are sent.
import { addComment, type Cache, changeComment, changePost, changeUser } from "../cache";
import { listsApi } from "../lists";
import { react, settle } from "../posts";
import type { Comment } from "../types";
import type { Entry } from "./entries";

type About = { posts?: string; comments?: string; users?: string; act: string };

function about({ url }: Pick<Entry, "url">): About {
  const [, kind = "", id = "", act = ""] = /^\/api\/v1\/(posts|comments|users)\/([^/]+)\/(\w+)$/.exec(url) ?? [];
  return { [kind]: id, act };
}

/** Shows one act; doing so again changes nothing. */
export function show(cache: Cache, entry: Entry) {
  const { posts, comments, users, act } = about(entry);
  const on = entry.method === "POST";
  const reaction = on ? ((entry.body as { reaction?: string } | undefined)?.reaction ?? "LIKE") : null;
  if (posts && act === "like") changePost(cache, posts, react(reaction));
  if (comments) changeComment(cache, comments, react(reaction));
  if (posts && act === "save") {
    changePost(cache, posts, (post) => {
      if (post.viewer) post.viewer.saved = on;
    });
  }
  if (users) {
    changeUser(cache, users, (user) => {
      if (!user.viewer) return;
      const wanted = !on ? "NONE" : user.is_private ? "PENDING" : "ACCEPTED";
      const step = Number(wanted === "ACCEPTED") - Number(user.viewer.following === "ACCEPTED");
      user.viewer.following = wanted;
      user.follower_count += step;
    });
  }
}

/** Takes over what the server answered to an act that had waited. */
export function takeAnswer(cache: Cache, entry: Entry, answer: unknown) {
  const { posts, comments, users, act } = about(entry);
  if (posts && act === "like") changePost(cache, posts, settle(answer as Parameters<typeof settle>[0]));
  if (comments) changeComment(cache, comments, settle(answer as Parameters<typeof settle>[0]));
  if (posts && act === "comments") takeComment(cache, posts, answer as Comment);
  if (users) cache.dispatch(listsApi.util.invalidateTags(["People", { type: "User", id: "me" }]));
}

/** A new comment in its list, and counted. */
export function takeComment(cache: Cache, postId: string, comment: Comment) {
  addComment(cache, comment);
  if (comment.parent_id) {
    changeComment(cache, comment.parent_id, (parent) => {
      parent.reply_count += 1;
    });
  }
  changePost(cache, postId, (post) => {
    post.comment_count += 1;
  });
}

/** What was refused is read anew, so that it shows as it is. */
export function showTruth(cache: Cache, entry: Entry) {
  const { posts, comments, users } = about(entry);
  if (posts) cache.dispatch(listsApi.util.invalidateTags([{ type: "Post", id: posts }]));
  if (comments) cache.dispatch(listsApi.util.invalidateTags([{ type: "Comment", id: comments }]));
  if (users) cache.dispatch(listsApi.util.invalidateTags([{ type: "User", id: users }]));
}
