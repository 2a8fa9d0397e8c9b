// A recipe applied to pixels in plain loops: where there is no WebGL.
import { type Recipe, weight } from "./recipe";

/** Changes the pixels (RGBA) of a picture in place. */
export function tone(pixels: Uint8ClampedArray, width: number, height: number, recipe: Recipe): void {
  const { adjust, matrix, centre, edge, inner, outer } = recipe;
  const [m0 = 1, m1 = 0, m2 = 0, m3 = 0, m4 = 1, m5 = 0, m6 = 0, m7 = 0, m8 = 1] = matrix ?? [];
  const across = Float64Array.from({ length: width }, (_, x) => ((2 * x + 1 - width) / width) ** 2);
  for (let y = 0, at = 0; y < height; y++) {
    const down = ((2 * y + 1 - height) / height) ** 2;
    for (let x = 0; x < width; x++, at += 4) {
      let r = pixels[at] as number;
      let g = pixels[at + 1] as number;
      let b = pixels[at + 2] as number;
      if (adjust) {
        r = adjust[r] as number;
        g = adjust[256 + g] as number;
        b = adjust[512 + b] as number;
      }
      if (matrix) {
        const red = clamp(m0 * r + m1 * g + m2 * b);
        const green = clamp(m3 * r + m4 * g + m5 * b);
        b = clamp(m6 * r + m7 * g + m8 * b);
        r = red;
        g = green;
      }
      if (edge && centre) {
        const share = weight(Math.sqrt((across[x] as number) + down), inner, outer);
        const rest = 255 - share;
        r = ((share * (edge[r] as number) + rest * (centre[r] as number) + 128) / 255) | 0;
        g = ((share * (edge[256 + g] as number) + rest * (centre[256 + g] as number) + 128) / 255) | 0;
        b = ((share * (edge[512 + b] as number) + rest * (centre[512 + b] as number) + 128) / 255) | 0;
      } else if (centre) {
        r = centre[r] as number;
        g = centre[256 + g] as number;
        b = centre[512 + b] as number;
      }
      pixels[at] = r;
      pixels[at + 1] = g;
      pixels[at + 2] = b;
    }
  }
}

function clamp(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
