import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Provider } from "react-redux";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import { api } from "../../../api";
import { postsOf } from "../../../api/lists";
import { answering, failure, list, me, media, post, signedInStore, success } from "../../../test/answers";
import { Toaster } from "../../../ui/Toaster";
import { PostCard } from "./PostCard";

function Feed() {
  const { currentData } = api.useHomePostsInfiniteQuery({ order: "latest" });
  return postsOf(currentData).map((one) => <PostCard key={one.post_id} post={one} first />);
}

function show(like: () => Response, over = {}) {
  answering((call) => {
    if (call === "GET /users/me") return success(me());
    if (call.startsWith("GET /feed/home")) return list([post("1", over)]);
    return like();
  });
  render(
    <Provider store={signedInStore()}>
      <MemoryRouter>
        <Feed />
        <Toaster />
      </MemoryRouter>
    </Provider>,
  );
  return userEvent.setup();
}

test("a like that is refused goes back and says why", async () => {
  const user = show(() => failure(503, "OVERLOADED"));
  await user.click(await screen.findByRole("button", { name: "Like" }));
  expect(await screen.findByText("Tintype is very busy.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Like" })).toBeVisible();
  expect(screen.getByText("2 likes")).toBeVisible();
});

test("pictures carry their size and description", async () => {
  const one = media("5", { alt_text: "A dog on a beach", urls: { large: "/m/5/l.jpg", small: "/m/5/s.jpg" } });
  show(() => success({}), { type: "IMAGE", media: [one], caption: "by the sea" });
  const picture = await screen.findByRole("img", { name: "A dog on a beach" });
  expect(picture).toHaveAttribute("width", "4000");
  expect(picture).toHaveAttribute("srcset", "/m/5/s.jpg 320w, /m/5/l.jpg 1080w");
});

test("its author sees what is wrong with a post and what to do", async () => {
  show(() => success({}), { status: "failed", problem: { code: "X", message: "The file is damaged." } });
  expect(await screen.findByText(/The file is damaged\. Delete it and try again/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Delete it" })).toBeVisible();
});
