// The filters there are, from the same data as the server's.
import described from "../../../../src/tintype/platform/imaging/filters.json";

export type Point = [x: number, y: number];
export type Tint = { tint: number[]; blend: string; opacity: number };
export type Filter = {
  name: string;
  label: string;
  matrix: number[][];
  curves: { r: Point[]; g: Point[]; b: Point[] };
  mask: { inner: number; outer: number; edge: Tint; centre?: Tint } | null;
};

export const filters = described as unknown as Filter[];
