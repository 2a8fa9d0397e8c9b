import { beforeEach, expect, test, vi } from "vitest";
import { likePost, openPost, showNewPosts, stepPost } from "./postKeys";

const height = 600;
let scrolled: number;
const pressed = vi.fn();

beforeEach(() => {
  scrolled = 0;
  pressed.mockReset();
  document.body.innerHTML = ["1", "2", "3", "4"]
    .map((id) => `<article tabindex="-1" data-post-id="${id}"><button data-like></button><a data-open></a></article>`)
    .join("");
  window.innerHeight = 700;
  articles().forEach((article, at) => {
    article.getBoundingClientRect = () => new DOMRect(0, at * height - scrolled, 300, height);
    article.scrollIntoView = () => {
      scrolled = at * height;
    };
    for (const inside of article.children) {
      inside.addEventListener("click", () =>
        pressed(article.dataset.postId, Object.keys((inside as HTMLElement).dataset)[0]),
      );
    }
  });
});

const articles = () => [...document.querySelectorAll<HTMLElement>("article")];
const at = () => (document.activeElement as HTMLElement).dataset.postId;
const go = (step: 1 | -1) => {
  stepPost(step);
  return at();
};

test("j goes to the post in view, then on; k back; both stop at the ends", () => {
  expect([go(1), go(1), go(1), go(1), go(1)]).toEqual(["1", "2", "3", "4", "4"]);
  expect([go(-1), go(-1), go(-1), go(-1)]).toEqual(["3", "2", "1", "1"]);
});

test("who has scrolled on goes on from there", () => {
  go(1);
  scrolled = 2 * height + 10;
  expect(go(1)).toBe("3");
  expect(go(1)).toBe("4");
  (document.activeElement as HTMLElement).blur();
  scrolled = height + 550;
  expect(go(-1)).toBe("3");
});

test("l likes and o opens the post one is at, else the one in view", () => {
  scrolled = height;
  likePost();
  go(1);
  go(1);
  likePost();
  openPost();
  expect(pressed.mock.calls).toEqual([
    ["2", "like"],
    ["3", "like"],
    ["3", "open"],
  ]);
});

test("without posts nothing happens", () => {
  document.body.innerHTML = "";
  stepPost(1);
  likePost();
  showNewPosts();
  expect(pressed).not.toHaveBeenCalled();
});
