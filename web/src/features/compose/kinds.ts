// Which files can be shared, and what is said of the others.
import { t } from "../../i18n";

export const acceptedTypes = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/gif",
  "image/heic",
  "image/heif",
  "image/avif",
];
export const filmTypes = ["video/mp4", "video/quicktime", "video/webm"];
const megabyte = 1024 * 1024;
export const largestFile = 32 * megabyte;
export const largestFilm = 250 * megabyte;
/** Of a longer video the server keeps the beginning. */
export const longestFilm = 90;
const byEnding: Record<string, string> = {
  heic: "image/heic",
  heif: "image/heif",
  avif: "image/avif",
  mov: "video/quicktime",
  mp4: "video/mp4",
  webm: "video/webm",
};

export function typeOf(file: File): string {
  return file.type || byEnding[file.name.split(".").pop()?.toLowerCase() ?? ""] || "";
}

export const isFilm = (file: File) => typeOf(file).startsWith("video/");

export function whyNot(file: File): string | undefined {
  if (isFilm(file)) {
    if (!filmTypes.includes(typeOf(file))) return t("compose:wrongFilm");
    if (file.size > largestFilm) return t("compose:filmTooLarge", { most: largestFilm / megabyte });
  } else {
    if (!acceptedTypes.includes(typeOf(file))) return t("compose:wrongKind");
    if (file.size > largestFile) return t("compose:tooLarge", { most: largestFile / megabyte });
  }
  if (file.size === 0) return t("compose:emptyFile");
  return undefined;
}

export const acceptedImages = [...acceptedTypes, ".heic", ".heif", ".avif"].join(",");
export const acceptedFiles = [acceptedImages, ...filmTypes, ".mov"].join(",");
export const whyNotImage = (file: File) => (isFilm(file) ? t("compose:wrongKind") : whyNot(file));
