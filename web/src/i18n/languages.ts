// Which languages there are, and which one holds.

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

/** The languages by their own names, as one looks for them. */
export const languageNames: Record<Language, string> = { en: "English", de: "Deutsch" };

const key = "tintype.language";

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

export function storeLanguage(language: Language) {
  try {
    localStorage.setItem(key, language);
  } catch {
    // Storage may be off; the choice then lasts as long as the page.
  }
}

function stored(): Language | undefined {
  try {
    return languageOf(localStorage.getItem(key));
  } catch {
    return undefined;
  }
}
