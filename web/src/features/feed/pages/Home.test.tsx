import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Provider } from "react-redux";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import type { Me, Post } from "../../../api/types";
import { account, answering, list, me, post, signedInStore, success } from "../../../test/answers";
import { Home } from "./Home";

const by = (id: string, over: Partial<Post> = {}) => post(id, { author: account("7", "seven"), ...over });
let observed: Element[];
let latest: Post[];
let ranked: Post[];
let fresh: number;

beforeEach(() => {
  observed = [];
  latest = [by("30"), by("20"), by("10")];
  ranked = [by("10"), by("30"), by("20")];
  fresh = 0;
  vi.stubGlobal("scrollTo", () => {});
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe = (element: Element) => observed.push(element);
      unobserve() {}
      disconnect() {}
    },
  );
});

function open(preferences: Me["preferences"] = {}) {
  let chosen = preferences;
  const requests = answering(async (call, request) => {
    if (call.startsWith("GET /users/suggestions")) return list([]);
    if (call === "GET /users/me") return success({ ...me(), preferences: chosen });
    if (call === "PUT /users/me") {
      chosen = { ...chosen, ...(await request.json()).preferences };
      return success({ ...me(), preferences: chosen });
    }
    if (call.startsWith("GET /feed/home/new-count")) return success({ count: fresh });
    return list(call.includes("order=ranked") ? ranked : latest);
  });
  render(
    <Provider store={signedInStore()}>
      <MemoryRouter>
        <Home />
      </MemoryRouter>
    </Provider>,
  );
  const asked = () => requests.map(({ method, url }) => `${method} ${url.split("/api/v1")[1]}`);
  return { user: userEvent.setup(), asked };
}

const shown = () => screen.getAllByRole("article").map((one) => one.dataset.postId);
const look = () => window.dispatchEvent(new Event("focus"));

test("who never chose has the feed ranked; a choice is kept with the account", async () => {
  const { user, asked } = open();
  await waitFor(() => expect(shown()).toEqual(["10", "30", "20"]));
  expect(screen.getByRole("radio", { name: "For you" })).toBeChecked();
  await user.click(screen.getByRole("radio", { name: "Latest" }));
  expect(screen.getByRole("radio", { name: "Latest" })).toBeChecked();
  await waitFor(() => expect(shown()).toEqual(["30", "20", "10"]));
  expect(asked()).toContain("PUT /users/me");
});

test("what came since is counted from the newest post of all, and stands first when asked for", async () => {
  latest = [by("40"), ...latest];
  const { user, asked } = open({ feed_order: "ranked" });
  await waitFor(() => expect(shown()).toEqual(["10", "30", "20"]));
  await waitFor(() => expect(asked()).toContain("GET /feed/home/new-count?since=40"));
  expect(screen.queryByRole("button", { name: /new post/ })).toBeNull();
  latest = [by("60"), by("50"), ...latest];
  fresh = 2;
  look();
  await user.click(await within(screen.getByRole("status")).findByRole("button", { name: "2 new posts" }));
  await waitFor(() => expect(shown()).toEqual(["60", "50", "10", "30", "20"]));
  await waitFor(() => expect(screen.getAllByRole("article")[0]).toHaveFocus());
  expect(asked().at(-1)).toBe("GET /feed/home/new-count?since=60");
});

test("an empty feed learns of its first post", async () => {
  latest = [];
  const { user } = open({ feed_order: "latest" });
  expect(await screen.findByRole("heading", { name: "Your feed starts here" })).toBeVisible();
  latest = [by("10")];
  fresh = 1;
  look();
  await user.click(await screen.findByRole("button", { name: "1 new post" }));
  await waitFor(() => expect(shown()).toEqual(["10"]));
});

test("others' posts are watched, unless one chose that nothing be recorded", async () => {
  latest = [by("30"), post("20"), by("10")];
  open({ feed_order: "latest" });
  await waitFor(() => expect(shown()).toHaveLength(3));
  const ids = () => observed.map((one) => (one as HTMLElement).dataset.postId).filter(Boolean);
  expect(new Set(ids())).toEqual(new Set(["30", "10"]));
});

test("nothing is watched when one chose so", async () => {
  open({ feed_order: "latest", impressions: false });
  await waitFor(() => expect(shown()).toHaveLength(3));
  expect(observed.filter((one) => (one as HTMLElement).dataset.postId)).toEqual([]);
});
