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
export const largestFile = 32 * 1024 * 1024;
const byEnding: Record<string, string> = { heic: "image/heic", heif: "image/heif", avif: "image/avif" };

export function typeOf(file: File): string {
  return file.type || byEnding[file.name.split(".").pop()?.toLowerCase() ?? ""] || "";
}

export function whyNot(file: File): string | undefined {
  if (!acceptedTypes.includes(typeOf(file))) return t("compose:wrongKind");
  if (file.size > largestFile) return t("compose:tooLarge", { most: largestFile / 1024 / 1024 });
  if (file.size === 0) return t("compose:emptyFile");
  return undefined;
}

export const acceptedImages = [...acceptedTypes, ".heic", ".heif", ".avif"].join(",");
export const whyNotImage = whyNot;
