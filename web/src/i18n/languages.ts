// Which languages there are, and which one holds.
import { read, write } from "../lib/stored.ts";

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

/** The words that the first page shows. */
export const firstNamespaces = ["common", "feed", "post"] as const;

/** The languages by their own names, as one looks for them. */
export const languageNames: Record<Language, string> = { en: "English", de: "Deutsch" };

const key = "language";

/** The one of ours that a language tag asks for: `de-AT` is German. */
export function languageOf(tag: unknown): Language | undefined {
  const wanted = typeof tag === "string" ? tag.toLowerCase().split("-")[0] : undefined;
  return languages.find((language) => language === wanted);
}

/** As last chosen on this device, else the first of the browser's languages that there is. */
export function deviceLanguage(): Language {
  return stored() ?? navigator.languages.map(languageOf).find((one) => one !== undefined) ?? "en";
}

/** The language in use, which the page itself says. */
export function language(): Language {
  return languageOf(document.documentElement.lang) ?? "en";
}

export const storeLanguage = (language: Language) => write(key, language);

const stored = () => languageOf(read(key));
