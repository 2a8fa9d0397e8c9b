// An edit of a picture as the API takes it. docs/media.md says what it means.

export type Crop = { x: number; y: number; width: number; height: number };
export type Edit = {
  filter: string;
  strength: number;
  crop: Crop | null;
  rotate: 0 | 90 | 180 | 270;
  straighten: number;
  brightness: number;
  contrast: number;
  saturation: number;
  warmth: number;
};
export const adjustments = ["brightness", "contrast", "saturation", "warmth"] as const;
export type Adjustment = (typeof adjustments)[number];

export const noEdit: Edit = {
  filter: "none",
  strength: 100,
  crop: null,
  rotate: 0,
  straighten: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  warmth: 0,
};

export function sameEdit(one: Edit | undefined, other: Edit | undefined): boolean {
  return JSON.stringify({ ...noEdit, ...one }) === JSON.stringify({ ...noEdit, ...other });
}

/** The edit without what turns and cuts: what may be given to other pictures too. */
export function looks({ crop: _crop, rotate: _rotate, straighten: _straighten, ...rest }: Edit) {
  return rest;
}

/** Width and height of a picture once it is turned by quarters. */
export function frameOf(width: number, height: number, { rotate }: Pick<Edit, "rotate">): [number, number] {
  return rotate === 90 || rotate === 270 ? [height, width] : [width, height];
}

/** By how much straightening enlarges a frame, so that it stays covered. */
export function coverOf([width, height]: [number, number], straighten: number): number {
  const angle = (Math.abs(straighten) * Math.PI) / 180;
  return Math.cos(angle) + Math.max(width / height, height / width) * Math.sin(angle);
}

/** Width and height of what an edit leaves. */
export function editedSize(width: number, height: number, edit: Edit): [number, number] {
  const [across, down] = frameOf(width, height, edit);
  const crop = edit.crop ?? { width: 1, height: 1 };
  return [Math.max(1, Math.round(crop.width * across)), Math.max(1, Math.round(crop.height * down))];
}
