import { expect, test } from "vitest";
import {
  asPost,
  captionChanged,
  composeReducer,
  type Draft,
  draftCleared,
  obstacle,
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

test("a draft holds ten pictures and keeps their order", () => {
  const draft = composeReducer(withPictures(12), pictureMoved({ id: "9", to: 0 }));
  expect(draft.pictures.map(({ id }) => id)).toEqual(["9", "0", "1", "2", "3", "4", "5", "6", "7", "8"]);
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
