import { expect, test } from "vitest";
import { noEdit } from "../edit/edit";
import {
  asPost,
  captionChanged,
  composeReducer,
  type Draft,
  draftCleared,
  obstacle,
  parts,
  pictureChanged,
  pictureMoved,
  picturesAdded,
} from "./draft";

const start = (): Draft => composeReducer(undefined, { type: "start" });
const withPictures = (count: number) =>
  composeReducer(
    start(),
    picturesAdded(Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `${index}.jpg`, size: 1 }))),
  );

test("a draft holds a hundred pictures and keeps their order", () => {
  expect(withPictures(120).pictures).toHaveLength(100);
  const draft = composeReducer(withPictures(4), pictureMoved({ id: "3", to: 0 }));
  expect(draft.pictures.map(({ id }) => id)).toEqual(["3", "0", "1", "2"]);
  expect(composeReducer(draft, pictureMoved({ id: "9", to: -1 }))).toEqual(draft);
});

test("it says what stands between it and being shared", () => {
  expect(obstacle(start())).toMatch(/Add a picture/);
  expect(obstacle(composeReducer(start(), captionChanged("words")))).toBeUndefined();
  const sending = withPictures(1);
  expect(obstacle(sending)).toMatch(/being sent/);
  const sent = composeReducer(sending, pictureChanged({ id: "0", state: "uploaded", mediaId: "5" }));
  expect(obstacle(sent)).toBeUndefined();
  expect(obstacle(composeReducer(sent, pictureChanged({ id: "0", state: "rejected" })))).toMatch(/Retry or remove/);
  expect(obstacle(composeReducer(sent, captionChanged("🙂".repeat(2201))))).toMatch(/too long/);
  expect(obstacle(composeReducer(sent, captionChanged("🙂".repeat(2200))))).toBeUndefined();
});

test("it becomes the body of a post", () => {
  expect(asPost(composeReducer(start(), captionChanged(" hi ")))).toEqual({ type: "TEXT", caption: "hi" });
  const sent = composeReducer(
    withPictures(1),
    pictureChanged({ id: "0", state: "uploaded", mediaId: "5", alt: "a dog" }),
  );
  expect(asPost(sent)).toEqual({ type: "IMAGE", media: [{ media_id: "5", alt_text: "a dog" }] });
  expect(composeReducer(sent, draftCleared())).toEqual(start());
});

test("more than ten pictures become several posts with the same words", () => {
  const draft = composeReducer(withPictures(23), captionChanged("harbour"));
  const posts = parts(draft);
  expect(posts.map(({ pictures }) => pictures.length)).toEqual([10, 10, 3]);
  expect(posts[2]?.pictures.map(({ id }) => id)).toEqual(["20", "21", "22"]);
  expect(posts.every(({ caption }) => caption === "harbour")).toBe(true);
  expect(parts(start())).toHaveLength(1);
});

test("an edit that the server does not know yet stands in the way", () => {
  const edit = { ...noEdit, filter: "moon" };
  const sent = composeReducer(withPictures(1), pictureChanged({ id: "0", state: "uploaded", mediaId: "5", edit }));
  expect(obstacle(sent)).toMatch(/being sent/);
  expect(obstacle(composeReducer(sent, pictureChanged({ id: "0", sentEdit: edit, shownEdit: edit })))).toBeUndefined();
});
