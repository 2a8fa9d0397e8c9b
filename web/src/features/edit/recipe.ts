// The mathematics of filters and adjustments, the same as the server's (platform/imaging/recipes.py, docs/media.md):
// tables, a matrix and a mask, with whole numbers from 0 to 255 after every stage.
import type { Edit } from "./edit";
import { filters, type Point, type Tint } from "./filters";

/** Three rows of 256 values: red, green, blue. */
export type Tables = Uint8Array;
export type Recipe = {
  adjust: Tables | null;
  /** Row by row. */
  matrix: number[] | null;
  centre: Tables | null;
  edge: Tables | null;
  inner: number;
  outer: number;
};

const luma = [0.2126, 0.7152, 0.0722];
const warm = [0.16, 0.03, -0.18];
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const channels = [0, 1, 2] as const;
const levels = Array.from({ length: 256 }, (_, level) => level);

export function recipe(edit: Edit): Recipe {
  const look = edit.strength === 0 ? undefined : filters.find(({ name }) => name === edit.filter);
  const share = edit.strength / 100;
  const adjust = tables(channels.map((channel) => levels.map((level) => adjusted(level, edit, warm[channel] ?? 0))));
  const saturated = saturation(1 + edit.saturation / 100);
  if (!look)
    return {
      adjust: unlessPlain(adjust),
      matrix: unlessIdentity(saturated),
      centre: null,
      edge: null,
      inner: 0,
      outer: 1,
    };
  const towards = look.matrix
    .flat()
    .map((value, at) => valueAt(identity, at) + share * (value - valueAt(identity, at)));
  const { r, g, b } = look.curves;
  const curves = [r, g, b].map((points) => curve(points).map((value, level) => level + share * (value - level)));
  const { mask } = look;
  const centre = mask?.centre ? tinted(curves, mask.centre, share) : tables(curves);
  return {
    adjust: unlessPlain(adjust),
    matrix: unlessIdentity(product(towards, saturated)),
    centre: mask ? centre : unlessPlain(centre),
    edge: mask ? tinted(curves, mask.edge, share) : null,
    inner: mask?.inner ?? 0,
    outer: mask?.outer ?? 1,
  };
}

/** The values at 0 to 255 of the monotone cubic through these points (Fritsch and Carlson). */
export function curve(points: Point[]): number[] {
  const steps = points.slice(1).map(([x, y], at) => {
    const [x0, y0] = points[at] as Point;
    return { width: x - x0, slope: (y - y0) / (x - x0) };
  });
  const slope = (at: number) => (steps[at] as { slope: number }).slope;
  const slopes = points.map((_, at) => {
    if (at === 0) return slope(0);
    if (at === steps.length) return slope(at - 1);
    const [before, after] = [slope(at - 1), slope(at)];
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  let at = 0;
  return levels.map((x) => {
    while (at < steps.length - 1 && x > (points[at + 1] as Point)[0]) at += 1;
    const [x0, y0] = points[at] as Point;
    const [, y1] = points[at + 1] as Point;
    const { width } = steps[at] as { width: number };
    const t = (x - x0) / width;
    const rest = 1 - t;
    return (
      y0 * rest * rest * (1 + 2 * t) +
      valueAt(slopes, at) * width * t * rest * rest +
      y1 * t * t * (3 - 2 * t) -
      valueAt(slopes, at + 1) * width * t * t * rest
    );
  });
}

/** The share of the edge, of 255, so far from the middle: a smooth step. */
export function weight(distance: number, inner: number, outer: number): number {
  const t = Math.min(Math.max((distance - inner) / (outer - inner), 0), 1);
  return rounded(255 * t * t * (3 - 2 * t));
}

export function rounded(value: number): number {
  return Math.min(Math.max(Math.floor(value + 0.5), 0), 255);
}

/** Warmth, then brightness, then contrast. */
function adjusted(level: number, { brightness, contrast, warmth }: Edit, gain: number): number {
  let value = Math.min((level / 255) * (1 + (gain * warmth) / 100), 1);
  if (brightness) value **= 2 ** (-brightness / 100);
  const more = contrast / 100;
  if (more > 0) value += more * (value * value * (3 - 2 * value) - value);
  else if (more < 0) value = 0.5 + (value - 0.5) * (1 + more / 2);
  return 255 * value;
}

function saturation(share: number): number[] {
  return identity.map((one, at) => one * share + (1 - share) * valueAt(luma, at % 3));
}

function product(a: number[], b: number[]): number[] {
  return identity.map((_, at) => {
    const [row, column] = [Math.floor(at / 3) * 3, at % 3];
    return channels.reduce<number>((sum, k) => sum + valueAt(a, row + k) * valueAt(b, 3 * k + column), 0);
  });
}

function tinted(curves: number[][], { tint, blend, opacity }: Tint, share: number): Tables {
  return tables(
    curves.map((values, channel) =>
      values.map((value) => value + opacity * share * (blended(value, valueAt(tint, channel), blend) - value)),
    ),
  );
}

function blended(value: number, colour: number, blend: string): number {
  if (blend === "multiply") return (value * colour) / 255;
  if (blend === "screen") return 255 - ((255 - value) * (255 - colour)) / 255;
  if (blend === "overlay")
    return value < 127.5 ? (value * colour) / 127.5 : 255 - ((255 - value) * (255 - colour)) / 127.5;
  return colour;
}

function tables(curves: number[][]): Tables {
  return Uint8Array.from(curves.flat(), rounded);
}

function unlessPlain(found: Tables): Tables | null {
  return found.every((value, at) => value === at % 256) ? null : found;
}

function unlessIdentity(matrix: number[]): number[] | null {
  return matrix.every((value, at) => value === identity[at]) ? null : matrix;
}

function valueAt(values: number[], at: number): number {
  return values[at] as number;
}
