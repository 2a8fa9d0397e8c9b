import { describe, expect, test } from "vitest";
import { device } from "./device";
import { idempotencyKeys } from "./idempotency";
import { counted, short } from "./numbers";
import { pieces, tokenAt } from "./text";
import { ago } from "./time";

describe("time", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  test.each([
    ["2026-11-21T11:59:30Z", "now", "just now"],
    ["2026-11-21T12:00:30Z", "now", "just now"],
    ["2026-11-21T11:15:00Z", "45m", "45 minutes ago"],
    ["2026-11-21T09:00:00Z", "3h", "3 hours ago"],
    ["2026-11-20T09:00:00Z", "1d", "yesterday"],
    ["2026-11-01T09:00:00Z", "2w", "2 weeks ago"],
    ["2026-03-01T09:00:00Z", "Mar 1", "Mar 1"],
    ["2024-03-01T09:00:00Z", "Mar 1, 2024", "Mar 1, 2024"],
  ])("%s is %s", (time, brief, long) => {
    expect(ago(time, now)).toBe(brief);
    expect(ago(time, now, true)).toBe(long);
  });
});

describe("text", () => {
  const kinds = (text: string) => pieces(text).map(({ kind, text: piece }) => [kind, piece]);
  test("hashtags and mentions are found, the text is kept", () => {
    expect(kinds("Tide #low_tide with @Noor.a, ok")).toEqual([
      ["text", "Tide "],
      ["hashtag", "#low_tide"],
      ["text", " with "],
      ["mention", "@Noor.a"],
      ["text", ", ok"],
    ]);
    expect(kinds("مساء #جسر")).toEqual([
      ["text", "مساء "],
      ["hashtag", "#جسر"],
    ]);
    for (const text of ["", "@", "#1", "a@b.c", "see /#x and me@home", "@ben."]) {
      expect(
        pieces(text)
          .map(({ text: piece }) => piece)
          .join(""),
      ).toBe(text);
    }
  });
  test("addresses, numbers and lone signs are text", () => {
    expect(kinds("a@b.c #12 @ #")).toEqual([["text", "a@b.c #12 @ #"]]);
    expect(kinds("ask @ben.")).toEqual([
      ["text", "ask "],
      ["mention", "@ben"],
      ["text", "."],
    ]);
  });
  test("the mention before the caret", () => {
    expect(tokenAt("hi @No", 6)).toEqual({ sign: "@", prefix: "no", start: 3 });
    expect(tokenAt("@", 1)).toEqual({ sign: "@", prefix: "", start: 0 });
    expect(tokenAt("low #Ébb", 8)).toEqual({ sign: "#", prefix: "ébb", start: 4 });
    expect(tokenAt("a#b", 3)).toBeUndefined();
    expect(tokenAt("hi @no there", 12)).toBeUndefined();
    expect(tokenAt("me@no", 5)).toBeUndefined();
  });
});

test("counts", () => {
  expect(short(9999)).toBe("9,999");
  expect(short(12_345)).toBe("12.3K");
  expect(counted(1, "like")).toBe("1 like");
  expect(counted(0, "reply", "replies")).toBe("0 replies");
});

test("a key stays with one thing over its tries, and ends with it", () => {
  const keys = idempotencyKeys();
  const first = keys.for({ text: "a" });
  expect(keys.for({ text: "a" })).toBe(first);
  expect(keys.for({ text: "b" })).not.toBe(first);
  const second = keys.for({ text: "a" });
  keys.done();
  expect(keys.for({ text: "a" })).not.toBe(second);
});

test("devices by name", () => {
  expect(device("Mozilla/5.0 (iPhone; CPU) Version/19 Mobile Safari/600")).toEqual({
    name: "Safari on iPhone",
    phone: true,
  });
  expect(device(null)).toEqual({ name: "Unknown device", phone: false });
});
