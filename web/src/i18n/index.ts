// The words of the client: catalogues by language and feature, of which only the active language's are loaded.
import i18next, { type BackendModule, type ResourceKey } from "i18next";
import { initReactI18next } from "react-i18next";
import { short } from "../lib/numbers";
import { deviceLanguage, type Language, language, languages, storeLanguage } from "./languages";

/** What the first page shows; the others follow when the browser has nothing to do, or when they are wanted. */
export const firstNamespaces = ["common", "errors", "feed", "post"] as const;
const laterNamespaces = [
  "accounts",
  "compose",
  "discovery",
  "people",
  "profile",
  "session",
  "settings",
  "talk",
] as const;

const catalogues = import.meta.glob<ResourceKey>("./{en,de}/*.json", { import: "default" });

const backend: BackendModule = {
  type: "backend",
  init() {},
  read(language, namespace, done) {
    const load = catalogues[`./${language}/${namespace}.json`];
    if (!load) return done(new Error(`no catalogue ${language}/${namespace}`), false);
    load().then(
      (words) => done(null, words),
      (problem) => done(problem as Error, false),
    );
  },
};

/** For words outside of components; inside, `useTranslation("feature")` asks for the catalogue that is needed. */
export const t = i18next.t;
export const hasText = (key: string) => i18next.exists(key);

export const options = {
  supportedLngs: languages,
  fallbackLng: false,
  load: "languageOnly",
  defaultNS: "common",
  interpolation: { escapeValue: false },
  returnNull: false,
  showSupportNotice: false,
} as const;

export async function startTexts() {
  const lng = deviceLanguage();
  document.documentElement.lang = lng;
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({ ...options, lng, ns: firstNamespaces });
  addFormats();
  const rest = () => i18next.loadNamespaces(laterNamespaces);
  if (typeof requestIdleCallback === "function") requestIdleCallback(rest, { timeout: 5_000 });
  else setTimeout(rest, 1_000);
}

/** `{{count, short}}` is 9,999 in full and 12.3K beyond. */
export function addFormats() {
  i18next.services.formatter?.add("short", (value: number) => short(value));
}

/** Speaks another language from now on, and remembers it on this device. */
export async function changeLanguage(wanted: Language) {
  storeLanguage(wanted);
  if (wanted === language()) return;
  document.documentElement.lang = wanted;
  await i18next.changeLanguage(wanted);
}
