// The English words, all there at once, for tests of components.
import i18next, { type Resource } from "i18next";
import { initReactI18next } from "react-i18next";
import { addFormats, options } from "../i18n";

export type Catalogue = { [key: string]: string | Catalogue };
const files = import.meta.glob<Catalogue>("../i18n/{en,de}/*.json", { eager: true, import: "default" });

/** Every catalogue, by language and namespace. */
export const catalogues: Record<string, Record<string, Catalogue>> = {};
for (const [path, words] of Object.entries(files)) {
  const [, language = "", namespace = ""] = /(\w+)\/(\w+)\.json$/.exec(path) ?? [];
  catalogues[language] = { ...catalogues[language], [namespace]: words };
}

export function startTextsInTests() {
  i18next.use(initReactI18next).init({ ...options, lng: "en", resources: catalogues as Resource, initAsync: false });
  addFormats();
}
