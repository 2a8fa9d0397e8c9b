// All words of all languages, there at once, for tests of components.
import type { Language } from "../i18n/languages";
import { type Catalogue, put } from "../i18n/runtime";

const files = import.meta.glob<Catalogue>("../i18n/{en,de}/*.json", { eager: true, import: "default" });

/** Every catalogue, by language and namespace. */
export const catalogues: Record<string, Record<string, Catalogue>> = {};
for (const [path, words] of Object.entries(files)) {
  const [, language = "", namespace = ""] = /(\w+)\/(\w+)\.json$/.exec(path) ?? [];
  catalogues[language] = { ...catalogues[language], [namespace]: words };
}

export function startTextsInTests() {
  for (const [language, namespaces] of Object.entries(catalogues)) {
    for (const [namespace, words] of Object.entries(namespaces)) put(language as Language, namespace, words);
  }
}
