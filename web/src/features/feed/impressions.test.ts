import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Impression } from "../../api/types";
import { type Recorder, recording } from "./impressions";

let told: Impression[][];
let recorder: Recorder;
const after = (ms: number) => vi.advanceTimersByTime(ms);
const seen = (postId: string, ms: number) => {
  recorder.enter(postId);
  after(ms);
  recorder.leave(postId);
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") });
  told = [];
  recorder = recording((items) => told.push(items));
});
afterEach(() => vi.useRealTimers());

test("what was seen is told in one batch, ten seconds after the first of it", () => {
  seen("1", 1000);
  seen("2", 2000);
  expect(told).toEqual([]);
  after(8000);
  expect(told).toEqual([
    [
      { post_id: "1", dwell_ms: 1000, at: "2026-11-21T12:00:00.000Z" },
      { post_id: "2", dwell_ms: 2000, at: "2026-11-21T12:00:01.000Z" },
    ],
  ]);
  after(60_000);
  expect(told).toHaveLength(1);
});

test("what flits by was not seen", () => {
  seen("1", 299);
  recorder.leave("never entered");
  after(20_000);
  expect(told).toEqual([]);
});

test("fifty are told at once", () => {
  const many = Array.from({ length: 51 }, (_, n) => String(n));
  for (const one of many) recorder.enter(one);
  after(300);
  for (const one of many) recorder.leave(one);
  expect(told.flat()).toHaveLength(50);
  recorder.pause();
  expect(told.flat()).toHaveLength(51);
});

test("a hidden page tells all, and time away does not count", () => {
  recorder.enter("1");
  after(700);
  recorder.pause();
  expect(told).toMatchObject([[{ post_id: "1", dwell_ms: 700 }]]);
  after(3_600_000);
  recorder.pause();
  recorder.resume();
  recorder.enter("1");
  after(500);
  recorder.leave("1");
  recorder.pause();
  expect(told).toMatchObject([[{ dwell_ms: 700 }], [{ post_id: "1", dwell_ms: 500 }]]);
});

test("no batch is longer than a hundred", () => {
  for (let n = 0; n < 230; n += 1) recorder.enter(String(n));
  after(400);
  recorder.pause();
  expect(told.every((batch) => batch.length <= 100)).toBe(true);
  expect(new Set(told.flat().map(({ post_id }) => post_id)).size).toBe(230);
});
