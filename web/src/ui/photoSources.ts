// Which files a picture can be shown from, and how wide each is.
import type { Media } from "../api/types";

const longerSide = { small: 320, medium: 640, large: 1080 } as const;
type Size = keyof typeof longerSide;

/** The width of a rendition: it limits the longer side and never enlarges. */
export function widthOf(size: Size, { width, height }: Pick<Media, "width" | "height">): number {
  if (!width || !height) return longerSide[size];
  return Math.round(width * Math.min(1, longerSide[size] / Math.max(width, height)));
}

export function srcSet(urls: Partial<Record<Size, string>> | undefined, media: Media): string | undefined {
  const files = (Object.keys(longerSide) as Size[]).flatMap((size) =>
    urls?.[size] ? [`${urls[size]} ${widthOf(size, media)}w`] : [],
  );
  return files.length ? files.join(", ") : undefined;
}

/** The ratio a picture is shown at in a feed: its own, between 4:5 and 1.91:1. */
export function feedRatio(width?: number | null, height?: number | null): number {
  if (!width || !height) return 1;
  return Math.min(1.91, Math.max(0.8, width / height));
}
