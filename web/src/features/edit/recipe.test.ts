import { expect, test } from "vitest";
import { coverOf, editedSize, noEdit, sameEdit } from "./edit";
import { filters } from "./filters";
import { tone } from "./plain";
import { curve, recipe, weight } from "./recipe";

const toned = (edit: Partial<typeof noEdit>, ...rgb: number[]) => {
  const pixels = Uint8ClampedArray.from([...rgb, 255]);
  tone(pixels, 1, 1, recipe({ ...noEdit, ...edit }));
  return [...pixels].slice(0, 3);
};

test("nothing is done where nothing is asked for", () => {
  expect(recipe(noEdit)).toMatchObject({ adjust: null, matrix: null, centre: null, edge: null });
  expect(recipe({ ...noEdit, filter: "moon", strength: 0 })).toMatchObject({ matrix: null, centre: null });
  expect(toned({}, 1, 2, 3)).toEqual([1, 2, 3]);
});

test("a curve goes through its points and never turns back between them", () => {
  const values = curve([
    [0, 10],
    [64, 60],
    [128, 60],
    [255, 250],
  ]);
  expect([values[0], values[64], values[128], values[255]]).toEqual([10, 60, 60, 250]);
  expect(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))).toBe(true);
});

test("adjustments go in the direction of their names", () => {
  const [middle] = toned({ brightness: 50 }, 100, 100, 100);
  expect(middle).toBeGreaterThan(100);
  expect(toned({ contrast: 50 }, 60, 128, 200)[0]).toBeLessThan(60);
  expect(toned({ contrast: -100 }, 0, 128, 255)).toEqual([64, 128, 191]);
  expect(new Set(toned({ saturation: -100 }, 200, 100, 50)).size).toBe(1);
  const [red = 0, , blue = 0] = toned({ warmth: 60 }, 128, 128, 128);
  expect(red).toBeGreaterThan(blue);
});

test("every filter changes grey, keeps the order of light and dark, and has a weaker form", () => {
  for (const { name } of filters) {
    const [dark = 0, light = 0] = [40, 215].map((level) => toned({ filter: name }, level, level, level)[1]);
    expect([name, light > dark + 60]).toEqual([name, true]);
    const whole = toned({ filter: name }, 200, 80, 40);
    const half = toned({ filter: name, strength: 50 }, 200, 80, 40);
    const far = (one: number[]) => Math.hypot((one[0] ?? 0) - 200, (one[1] ?? 0) - 80, (one[2] ?? 0) - 40);
    expect([name, far(half) < far(whole)]).toEqual([name, true]);
  }
});

test("the mask grows from the middle to the edge", () => {
  expect([weight(0.2, 0.4, 1.4), weight(0.9, 0.4, 1.4), weight(1.5, 0.4, 1.4)]).toEqual([0, 128, 255]);
});

test("what an edit leaves of a picture", () => {
  expect(editedSize(400, 300, noEdit)).toEqual([400, 300]);
  const crop = { x: 0, y: 0, width: 0.5, height: 1 };
  expect(editedSize(400, 300, { ...noEdit, rotate: 90, crop })).toEqual([150, 400]);
  expect(coverOf([100, 100], 45)).toBeCloseTo(Math.SQRT2);
  expect(coverOf([100, 100], 0)).toBe(1);
  expect(sameEdit(undefined, noEdit)).toBe(true);
  expect(sameEdit({ ...noEdit, crop }, noEdit)).toBe(false);
});
