// Draws edited pictures off the main thread: turned and cut by a canvas, toned by WebGL, or by loops where it is missing.
import { coverOf, type Edit, editedSize, frameOf } from "./edit";
import { tone } from "./plain";
import { type Recipe, recipe } from "./recipe";
import { toner } from "./webgl";

export type Path = "webgl" | "plain";
export type Wish =
  | { kind: "open"; id: number; source: Blob }
  | { kind: "draw"; id: number; edit: Edit; side: number; as: "bitmap" | "jpeg" | "pixels"; path?: Path }
  | { kind: "close"; id: number };
export type Drawn = {
  width: number;
  height: number;
  path?: Path;
  bitmap?: ImageBitmap;
  jpeg?: Blob;
  pixels?: ArrayBuffer;
};
export type Answer = { number: number; drawn?: Drawn; problem?: string };

const workingSide = 1600;
const sources = new Map<number, ImageBitmap>();
const glass = new OffscreenCanvas(1, 1);
let throughGlass: ReturnType<typeof toner> | undefined;

self.onmessage = async ({ data: { number, wish } }: MessageEvent<{ number: number; wish: Wish }>) => {
  const answer: Answer = { number };
  try {
    const drawn = await granted(wish);
    if (drawn) answer.drawn = drawn;
  } catch (error) {
    answer.problem = String(error);
  }
  const { bitmap, pixels } = answer.drawn ?? {};
  self.postMessage(answer, { transfer: [bitmap, pixels].filter((one) => one !== undefined) });
};

async function granted(wish: Wish): Promise<Drawn | undefined> {
  if (wish.kind === "open") {
    const bitmap = await workable(await createImageBitmap(wish.source));
    sources.set(wish.id, bitmap);
    return { width: bitmap.width, height: bitmap.height };
  }
  const source = sources.get(wish.id);
  if (wish.kind === "close") {
    source?.close();
    sources.delete(wish.id);
    return;
  }
  if (!source) throw new Error("nothing is open");
  const shaped = shape(source, wish.edit, wish.side);
  const { canvas, path } = toned(shaped, recipe(wish.edit), wish.path);
  const { width, height } = shaped;
  if (wish.as === "pixels") return { width, height, path, pixels: pixelsOf(canvas).data.buffer as ArrayBuffer };
  if (wish.as === "jpeg")
    return { width, height, path, jpeg: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }) };
  return { width, height, path, bitmap: canvas.transferToImageBitmap() };
}

/** No larger than screens need: every preview is drawn from it. */
async function workable(bitmap: ImageBitmap): Promise<ImageBitmap> {
  const scale = workingSide / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return bitmap;
  const [resizeWidth, resizeHeight] = [bitmap.width * scale, bitmap.height * scale].map((side) =>
    Math.max(1, Math.round(side)),
  ) as [number, number];
  const smaller = await createImageBitmap(bitmap, { resizeWidth, resizeHeight, resizeQuality: "high" });
  bitmap.close();
  return smaller;
}

/** What the edit cuts out, upright, at most `side` on both sides and never enlarged; on white where it is transparent. */
function shape(source: ImageBitmap, edit: Edit, side: number): OffscreenCanvas {
  const [across, down] = frameOf(source.width, source.height, edit);
  const [wide, high] = editedSize(source.width, source.height, edit);
  const scale = Math.min(1, side / Math.max(wide, high));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale)));
  const context = plainContext(canvas);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  const { x, y } = edit.crop ?? { x: 0, y: 0 };
  context.translate((0.5 - x) * across * scale, (0.5 - y) * down * scale);
  context.rotate(((edit.rotate + edit.straighten) * Math.PI) / 180);
  const drawn = scale * coverOf([across, down], edit.straighten);
  const [width, height] = [source.width * drawn, source.height * drawn];
  context.drawImage(source, -width / 2, -height / 2, width, height);
  return canvas;
}

function toned(canvas: OffscreenCanvas, wanted: Recipe, path?: Path): { canvas: OffscreenCanvas; path: Path } {
  if (path !== "plain") {
    throughGlass ??= toner(glass);
    if (throughGlass?.(canvas, wanted)) return { canvas: glass, path: "webgl" };
  }
  const context = plainContext(canvas);
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  tone(image.data, canvas.width, canvas.height, wanted);
  context.putImageData(image, 0, 0);
  return { canvas, path: "plain" };
}

function pixelsOf(canvas: OffscreenCanvas): ImageData {
  const { width, height } = canvas;
  if (canvas !== glass) return plainContext(canvas).getImageData(0, 0, width, height);
  const context = plainContext(new OffscreenCanvas(width, height));
  context.drawImage(canvas.transferToImageBitmap(), 0, 0);
  return context.getImageData(0, 0, width, height);
}

function plainContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new Error("no canvas");
  return context;
}
