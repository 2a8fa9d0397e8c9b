import { beforeEach, expect, test, vi } from "vitest";
import { account, answering, comment, failure, list, me, post, signedInStore, success } from "../../test/answers";
import { api } from "..";
import { postsOf } from "../lists";
import { entryAdded, waiting } from "./entries";
import { sendWaiting } from "./sending";

let connected: boolean;
let answers: (call: string) => Response;

async function started() {
  const requests = answering((call) => {
    if (!connected) throw new TypeError("Failed to fetch");
    if (call === "GET /users/me") return success(me("7"));
    if (call.startsWith("GET /feed/home")) return list([post("1"), post("2", { author: account("8") })]);
    return answers(call);
  });
  const store = signedInStore();
  await store.dispatch(api.endpoints.getUser.initiate({ userId: "me" }));
  await store.dispatch(api.endpoints.homePosts.initiate({ order: "latest" }));
  const shown = (id: string) =>
    postsOf(api.endpoints.homePosts.select({ order: "latest" })(store.getState()).data).find(
      ({ post_id }) => post_id === id,
    );
  const like = (postId: string) => store.dispatch(api.endpoints.likePost.initiate({ postId, body: {} }));
  const unlike = (postId: string) => store.dispatch(api.endpoints.unlikePost.initiate({ postId }));
  const say = (text: string) =>
    store.dispatch(api.endpoints.createComment.initiate({ postId: "1", "Idempotency-Key": text, body: { text } }));
  const sent = () =>
    requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, url }) => `${method} ${new URL(url).pathname.replace("/api/v1", "")}`);
  return { store, shown, like, unlike, say, sent, requests };
}

beforeEach(() => {
  connected = true;
  answers = (call) =>
    call.includes("/comments")
      ? success(comment("9"), 201)
      : success({ reaction: call.startsWith("POST") ? "LIKE" : null, like_count: 3, reaction_counts: {} });
});

test("without a connection a like stays, waits and is sent later", async () => {
  const { store, shown, like, sent } = await started();
  connected = false;
  await like("1");
  expect(shown("1")?.viewer?.reaction).toBe("LIKE");
  expect(store.getState().toasts).toEqual([]);
  expect(store.getState().outbox).toMatchObject([{ account: "7", method: "POST", url: "/api/v1/posts/1/like" }]);
  connected = true;
  await sendWaiting(store);
  expect(store.getState().outbox).toEqual([]);
  expect(sent().at(-1)).toBe("POST /posts/1/like");
  expect(shown("1")?.like_count).toBe(3);
});

test("of a thing's states the last one is sent; comments all are, in their order and with their keys", async () => {
  const { store, like, unlike, say, sent, requests } = await started();
  connected = false;
  await like("1");
  await say("one");
  await unlike("1");
  await like("2");
  await say("two");
  connected = true;
  const before = sent().length;
  await sendWaiting(store);
  expect(sent().slice(before)).toEqual([
    "POST /posts/1/comments",
    "DELETE /posts/1/like",
    "POST /posts/2/like",
    "POST /posts/1/comments",
  ]);
  const keys = requests.slice(-4).map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys).toEqual(["one", null, null, "two"]);
});

test("what waits shows on what is read meanwhile", async () => {
  const { store, shown, like } = await started();
  answers = () => failure(503, "OVERLOADED");
  connected = false;
  await like("1");
  connected = true;
  await store.dispatch(api.endpoints.homePosts.initiate({ order: "latest" }, { forceRefetch: true }));
  expect(shown("1")?.viewer?.reaction).toBe("LIKE");
  expect(store.getState().outbox).toHaveLength(1);
});

test("a later act on a thing does not overtake one that waits", async () => {
  const { store, say, sent } = await started();
  connected = false;
  await say("one");
  connected = true;
  const before = sent().length;
  await say("two");
  expect(sent().length).toBe(before);
  await sendWaiting(store);
  expect(store.getState().outbox).toEqual([]);
  expect(sent().slice(before)).toEqual(["POST /posts/1/comments", "POST /posts/1/comments"]);
});

test("what is refused is dropped and said; the others go on", async () => {
  const { store, like, sent } = await started();
  connected = false;
  await like("1");
  await like("2");
  connected = true;
  const usual = answers;
  answers = (call) => (call === "POST /posts/1/like" ? failure(404, "POST_NOT_FOUND") : usual(call));
  await sendWaiting(store);
  expect(store.getState().outbox).toEqual([]);
  expect(store.getState().toasts.map(({ text }) => text)).toEqual([
    "One of your changes could not be made: This post is not here, or not for you.",
  ]);
  expect(sent().at(-1)).toBe("POST /posts/2/like");
});

test("a busy server is asked again later", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { store, like } = await started();
  connected = false;
  await like("1");
  connected = true;
  const usual = answers;
  answers = () => failure(503, "OVERLOADED");
  await sendWaiting(store);
  expect(store.getState().outbox).toHaveLength(1);
  answers = usual;
  await vi.advanceTimersByTimeAsync(21_000);
  await vi.waitFor(() => expect(store.getState().outbox).toEqual([]));
  vi.useRealTimers();
});

test("nothing is sent for another account", async () => {
  const { store, sent } = await started();
  const before = sent().length;
  store.dispatch(entryAdded({ id: "a", account: "", method: "POST", url: "/api/v1/posts/1/like", thing: "x", at: 0 }));
  const [own] = store.getState().outbox;
  expect(own?.account).toBe("7");
  store.dispatch(api.util.upsertQueryData("getUser", { userId: "me" }, me("8")));
  await vi.waitFor(() =>
    expect(api.endpoints.getUser.select({ userId: "me" })(store.getState()).data?.user_id).toBe("8"),
  );
  await sendWaiting(store);
  expect(store.getState().outbox).toEqual([]);
  expect(sent().length).toBe(before);
});

test("only what may safely be sent twice waits", () => {
  const url = "/api/v1/posts/1/comments";
  expect(waiting({ url, method: "POST", body: {} })).toBeUndefined();
  expect(waiting({ url, method: "POST", body: {}, headers: { "Idempotency-Key": "k" } })).toBeDefined();
  expect(waiting({ url: "/api/v1/posts/1", method: "DELETE" })).toBeUndefined();
  expect(waiting({ url: "/api/v1/users/5/follow", method: "DELETE" })).toBeDefined();
  expect(waiting({ url: "/api/v1/users/login", method: "POST", body: {} })).toBeUndefined();
  expect(waiting("/api/v1/users/me")).toBeUndefined();
});
