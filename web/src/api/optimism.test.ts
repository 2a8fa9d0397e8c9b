import { beforeEach, expect, test } from "vitest";
import type { Store } from "../app/store";
import { answering, comment, failure, list, me, post, signedInStore, success } from "../test/answers";
import { api } from ".";
import { commentsOf, postsOf } from "./lists";

let store: Store;
let refuse = false;
const author = { ...me("7"), username: "seven" };

beforeEach(async () => {
  refuse = false;
  answering((call) => {
    if (refuse && !call.startsWith("GET")) return failure(503, "OVERLOADED", {}, { "Retry-After": "5" });
    if (call.startsWith("GET /feed/home")) return list([post("1"), post("2")]);
    if (call.startsWith("GET /posts/1/comments")) return list([comment("10")]);
    if (call === "GET /posts/1") return success(post("1"));
    if (call === "GET /posts/9/wait?seconds=25") return success(post("9", { caption: "done" }));
    if (call === "GET /users/7") return success(author);
    if (call.endsWith("/like")) return success({ reaction: call.startsWith("POST") ? "LIKE" : null, like_count: 40 });
    if (call === "POST /users/7/follow") return success({ following: "ACCEPTED" });
    if (call === "POST /posts") return success(post("9", { status: "processing", feed_id: null }), 201);
    if (call === "POST /posts/1/comments") return success(comment("11", { text: "new" }), 201);
    return success({});
  });
  store = signedInStore();
  await store.dispatch(api.endpoints.homePosts.initiate({ order: "latest" }));
  await store.dispatch(api.endpoints.getPost.initiate({ postId: "1" }));
  await store.dispatch(api.endpoints.getUser.initiate({ userId: "7" }));
  await store.dispatch(api.endpoints.comments.initiate({ postId: "1" }));
});

const home = () => postsOf(api.endpoints.homePosts.select({ order: "latest" })(store.getState()).data);
const single = () => api.endpoints.getPost.select({ postId: "1" })(store.getState()).data;
const user = () => api.endpoints.getUser.select({ userId: "7" })(store.getState()).data;
const like = () => store.dispatch(api.endpoints.likePost.initiate({ postId: "1", body: {} }));

test("a like shows everywhere at once and takes the server's count after", async () => {
  const answer = like();
  expect(home()[0]).toMatchObject({ like_count: 3, viewer: { reaction: "LIKE" } });
  expect(single()).toMatchObject({ like_count: 3 });
  await answer;
  expect(home()[0]?.like_count).toBe(40);
  expect(home()[1]?.like_count).toBe(2);
});

test("a like that is refused is taken back, and says why", async () => {
  refuse = true;
  await like();
  expect(home()[0]).toMatchObject({ like_count: 2, viewer: { reaction: null } });
  expect(single()).toMatchObject({ like_count: 2, viewer: { reaction: null } });
  expect(store.getState().toasts).toMatchObject([
    { tone: "error", text: "Tintype is very busy. Try again in 5 seconds." },
  ]);
});

test("a follow shows at once and is taken back when refused", async () => {
  const answer = store.dispatch(api.endpoints.follow.initiate({ userId: "7" }));
  expect(user()).toMatchObject({ follower_count: 11, viewer: { following: "ACCEPTED" } });
  await answer;
  refuse = true;
  const second = store.dispatch(api.endpoints.unfollow.initiate({ userId: "7" }));
  expect(user()).toMatchObject({ follower_count: 10, viewer: { following: "NONE" } });
  await second;
  expect(user()).toMatchObject({ follower_count: 11, viewer: { following: "ACCEPTED" } });
});

test("a new post stands at the top of home and changes there when it is ready", async () => {
  await store.dispatch(
    api.endpoints.createPost.initiate({ "Idempotency-Key": "k", body: { type: "TEXT", caption: "a" } }),
  );
  expect(home().map(({ post_id }) => post_id)).toEqual(["9", "1", "2"]);
  await store.dispatch(api.endpoints.waitForPost.initiate({ postId: "9", seconds: 25 }));
  expect(home()[0]).toMatchObject({ status: "published", caption: "done" });
});

test("a deleted post leaves home and can be asked back; a refused deletion brings it back", async () => {
  await store.dispatch(api.endpoints.deletePost.initiate({ postId: "1" }));
  expect(home().map(({ post_id }) => post_id)).toEqual(["2"]);
  expect(store.getState().toasts).toMatchObject([{ seconds: 30, undo: { kind: "restorePost", id: "1" } }]);
  store.dispatch(
    api.util.updateQueryData("homePosts", { order: "latest" }, (draft) => {
      const [left] = draft.pages[0]?.data ?? [];
      if (left) left.like_count = 7;
    }),
  );
  await store.dispatch(api.endpoints.restorePost.initiate({ postId: "1" }));
  expect(home().map(({ post_id, like_count }) => [post_id, like_count])).toEqual([
    ["1", 2],
    ["2", 7],
  ]);
  refuse = true;
  await store.dispatch(api.endpoints.deletePost.initiate({ postId: "2" }));
  expect(home().map(({ post_id }) => post_id)).toEqual(["1", "2"]);
});

test("a comment joins its list and the count, and leaves both when deleted", async () => {
  const listed = () => commentsOf(api.endpoints.comments.select({ postId: "1" })(store.getState()).data);
  await store.dispatch(api.endpoints.createComment.initiate({ postId: "1", body: { text: "new" } }));
  expect(listed().map(({ text }) => text)).toEqual(["hello", "new"]);
  expect(single()?.comment_count).toBe(1);
  await store.dispatch(api.endpoints.deleteComment.initiate({ commentId: "11" }));
  expect(listed()).toHaveLength(1);
  expect(single()?.comment_count).toBe(0);
});
