import { beforeEach, expect, test } from "vitest";
import type { Store } from "../app/store";
import { account, answering, failure, list, me, post, signedInStore, success } from "../test/answers";
import { api } from ".";
import { accountsOf, postsOf } from "./lists";

let store: Store;
let next: string | null;
let refuse: boolean;
let following: string;
const seven = { ...me("7"), username: "seven", viewer: { ...me().viewer, following: "ACCEPTED", followed_by: true } };

beforeEach(async () => {
  next = "more";
  refuse = false;
  following = "ACCEPTED";
  answering((call) => {
    if (refuse && !call.startsWith("GET")) return failure(503, "UNAVAILABLE");
    if (call.startsWith("GET /feed/home")) return list([post("1"), post("2", { author: account("7") })], next);
    if (call === "GET /users/7") return success(seven);
    if (call.startsWith("GET /users/me/follow-requests")) return list([account("8"), account("9")]);
    if (call === "POST /users/7/follow") return success({ following });
    if (call === "DELETE /users/7/follow") return success({ following: "NONE" });
    return success({});
  });
  store = signedInStore();
  await store.dispatch(api.endpoints.getUser.initiate({ userId: "7" }));
});

const { endpoints } = api;
const load = () => store.dispatch(endpoints.homePosts.initiate({ order: "ranked" }));
const home = () => endpoints.homePosts.select({ order: "ranked" })(store.getState()).data;
const authors = () => postsOf(home()).map(({ author }) => author.user_id);
const viewer = () => endpoints.getUser.select({ userId: "7" })(store.getState()).data?.viewer;
const waiting = () =>
  accountsOf(endpoints.followRequests.select()(store.getState()).data).map(({ user_id }) => user_id);

test.each([
  ["muted", () => store.dispatch(endpoints.mute.initiate({ userId: "7" })), { muting: true, following: "ACCEPTED" }],
  [
    "blocked",
    () => store.dispatch(endpoints.block.initiate({ userId: "7" })),
    { blocking: true, following: "NONE", followed_by: false },
  ],
  ["unfollowed", () => store.dispatch(endpoints.unfollow.initiate({ userId: "7" })), { following: "NONE" }],
])("the posts of who is %s leave home, which keeps its place", async (_what, act, seen) => {
  await load();
  await act();
  expect(authors()).toEqual(["1"]);
  expect(viewer()).toMatchObject(seen);
});

test("a refused block changes nothing, and says why", async () => {
  await load();
  refuse = true;
  await store.dispatch(endpoints.block.initiate({ userId: "7" }));
  expect(authors()).toEqual(["1", "7"]);
  expect(viewer()).toMatchObject({ blocking: false, following: "ACCEPTED", followed_by: true });
  expect(store.getState().toasts).toMatchObject([{ tone: "error" }]);
});

test("after a follow a long home says that it changed, and a short one is loaded anew", async () => {
  await load();
  await store.dispatch(endpoints.follow.initiate({ userId: "7" }));
  expect(home()?.pages[0]?.changed).toBe(true);
  next = null;
  await store.dispatch(endpoints.homePosts.initiate({ order: "ranked" }, { forceRefetch: true }));
  await store.dispatch(endpoints.follow.initiate({ userId: "7" }));
  expect(home()?.pages[0]?.changed).toBeUndefined();
});

test("a request that is pending changes no feed", async () => {
  following = "PENDING";
  await load();
  await store.dispatch(endpoints.follow.initiate({ userId: "7" }));
  expect(viewer()?.following).toBe("PENDING");
  expect(home()?.pages[0]?.changed).toBeUndefined();
});

test("requests go when they are answered, and come back when the answer did not go through", async () => {
  await store.dispatch(endpoints.followRequests.initiate());
  await store.dispatch(endpoints.acceptFollowRequest.initiate({ userId: "8" }));
  expect(waiting()).toEqual(["9"]);
  refuse = true;
  await store.dispatch(endpoints.declineFollowRequest.initiate({ userId: "9" }));
  expect(waiting()).toEqual(["9"]);
});
