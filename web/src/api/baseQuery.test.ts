import { afterEach, expect, test } from "vitest";
import { changeLanguage } from "../i18n";
import { answering, failure, list, me, post, signedInStore, success } from "../test/answers";
import { api } from ".";
import { toApiError, unwrap } from "./baseQuery";
import { fieldError } from "./errors";

afterEach(() => changeLanguage("en"));

const getPost = (postId: string) => api.endpoints.getPost.initiate({ postId });

test("answers come out of their envelope, lists with their pagination", () => {
  expect(unwrap({ status: "success", data: { a: 1 }, meta: {} })).toEqual({ a: 1 });
  const pagination = { next_cursor: "c", has_more: true };
  expect(unwrap({ status: "success", data: [1], pagination, meta: {} })).toEqual({ data: [1], pagination });
  const old = { status: "success", data: [1], pagination, meta: { stale: true } };
  expect(unwrap(old)).toEqual({ data: [1], pagination, stale: true });
});

test("calls that meet a 401 together refresh the session once and are tried again", async () => {
  let fresh = false;
  const requests = answering(async (call) => {
    if (call === "POST /users/token/refresh") {
      await new Promise((resolve) => setTimeout(resolve, 5));
      fresh = true;
      return success({});
    }
    return fresh ? success(post("1")) : failure(401, "UNAUTHENTICATED");
  });
  const store = signedInStore();
  const answers = await Promise.all(["1", "2", "3"].map((id) => store.dispatch(getPost(id))));
  expect(answers.every(({ isSuccess }) => isSuccess)).toBe(true);
  expect(requests.filter(({ url }) => url.endsWith("/token/refresh"))).toHaveLength(1);
  expect(requests).toHaveLength(7);
});

test("a session that cannot be refreshed ends", async () => {
  let alive = true;
  answering((call) => (alive && call === "GET /users/me" ? success(me()) : failure(401, "UNAUTHENTICATED")));
  const store = signedInStore();
  await store.dispatch(api.endpoints.getUser.initiate({ userId: "me" }));
  expect(store.getState().session.status).toBe("in");
  alive = false;
  const { error } = await store.dispatch(getPost("1"));
  expect(error).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect(store.getState().session.status).toBe("ended");
});

test("wrong credentials are not a session that ended", async () => {
  const requests = answering(() => failure(401, "INVALID_CREDENTIALS"));
  const store = signedInStore();
  await store.dispatch(api.endpoints.login.initiate({ body: { login: "a", password: "b" } }));
  expect(requests).toHaveLength(1);
  expect(store.getState().session.status).toBe("maybe");
});

test("unsafe calls repeat the CSRF cookie, safe ones do not", async () => {
  const requests = answering((call) =>
    call.startsWith("GET") ? success(post("1")) : success({ reaction: null, like_count: 0 }),
  );
  const store = signedInStore();
  await store.dispatch(getPost("1"));
  await store.dispatch(api.endpoints.unlikePost.initiate({ postId: "1" }));
  expect(requests.map(({ headers }) => headers.get("X-CSRF-Token"))).toEqual([null, "token"]);
});

test("a failed call says code, fields and when to try again", async () => {
  const response = failure(429, "RATE_LIMITED", { fields: { text: "no" } }, { "Retry-After": "30" });
  const data = await response.clone().json();
  expect(toApiError({ status: 429, data }, response)).toEqual({
    status: 429,
    code: "RATE_LIMITED",
    message: "",
    fields: { text: "no" },
    retryAfter: 30,
  });
  expect(toApiError({ status: "FETCH_ERROR", error: "x" })).toMatchObject({ status: 0, code: "OFFLINE" });
});

test("what is wrong with a field is said in the language of the page, with its values", async () => {
  const rules = { caption: { code: "TOO_LONG", most: 2200 }, tagged: { code: "NEW", most: 3 } };
  const fields = { caption: "is longer than 2200 characters", tagged: "must be new", media: "must be old" };
  const error = toApiError({ status: 422, data: { error: { code: "VALIDATION_FAILED", details: { fields, rules } } } });
  expect(error).toMatchObject({ fields, rules });
  expect(error).not.toHaveProperty("details");
  expect(fieldError(error, "caption")).toBe("At most 2,200 characters.");
  expect(["tagged", "media", "location"].map((name) => fieldError(error, name))).toEqual([
    "must be new",
    "must be old",
    undefined,
  ]);
  await changeLanguage("de");
  expect(fieldError(error, "caption")).toBe("Höchstens 2.200 Zeichen.");
});

test("an error of its own that belongs to a field has its own words there", () => {
  const about = (code: string, rule: string) =>
    toApiError({
      status: 422,
      data: { error: { code, details: { fields: { email: "sentence" }, rules: { email: { code: rule } } } } },
    });
  expect(fieldError(about("EMAIL_TAKEN", "EMAIL_TAKEN"), "email")).toBe(
    "There is an account with this e-mail already.",
  );
  expect(fieldError(about("FIELD_PROTECTED", "WITH_PASSWORD"), "email")).toMatch("with your password");
});

test("an idempotency key reaches the server", async () => {
  const requests = answering(() => success(post("1"), 201));
  const store = signedInStore();
  await store.dispatch(
    api.endpoints.createPost.initiate({ "Idempotency-Key": "key", body: { type: "TEXT", caption: "a" } }),
  );
  expect(requests[0]?.headers.get("Idempotency-Key")).toBe("key");
});

test("a list goes on by cursor and shows each thing once", async () => {
  const { postsOf } = await import("./lists");
  const requests = answering((call) =>
    call.includes("cursor=two") ? list([post("2"), post("1")]) : list([post("3"), post("2")], "two"),
  );
  const store = signedInStore();
  const first = store.dispatch(api.endpoints.homePosts.initiate({ order: "latest" }));
  await first;
  await store.dispatch(api.endpoints.homePosts.initiate({ order: "latest" }, { direction: "forward" }));
  const { data, hasNextPage } = api.endpoints.homePosts.select({ order: "latest" })(store.getState());
  expect(postsOf(data).map(({ post_id }) => post_id)).toEqual(["3", "2", "1"]);
  expect(hasNextPage).toBe(false);
  expect(requests).toHaveLength(2);
});
