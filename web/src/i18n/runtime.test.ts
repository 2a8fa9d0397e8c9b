import i18next, { type Resource } from "i18next";
import { beforeAll, expect, test } from "vitest";
import { short } from "../lib/numbers";
import { catalogues } from "../test/texts";
import { languages } from "./languages";
import { type Catalogue, translator } from "./runtime";

const values = { name: "Ada <b>&", q: "{{count}}", said: "No.", when: "now", at: 2, most: 10, length: 7, device: "X" };
const counts = [0, 1, 2, 5, 21, 1_000, 12_345, 1_000_000];

beforeAll(async () => {
  await i18next.init({
    lng: "en",
    fallbackLng: false,
    defaultNS: "common",
    resources: catalogues as Resource,
    interpolation: { escapeValue: false },
  });
  i18next.services.formatter?.add("short", (value: number) => short(value));
});

function keys(words: Catalogue, prefix = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keys(value, `${prefix}${key}.`),
  );
}

test.each(languages)("%s reads as i18next reads it", async (language) => {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  const theirs = i18next.t as (key: string, options: object) => string;
  const ours = translator([]) as unknown as typeof theirs;
  let compared = 0;
  for (const [namespace, words] of Object.entries(catalogues[language] ?? {})) {
    for (const key of keys(words)) {
      const name = `${namespace}:${key.replace(/_(zero|one|two|few|many|other)$/, "")}`;
      for (const options of [values, ...counts.map((count) => ({ ...values, count }))]) {
        // Without its count, what has plurals is said by nobody.
        if (!("count" in options) && name !== `${namespace}:${key}`) continue;
        const filled = Object.fromEntries([...slots(words, key)].map((slot) => [slot, 3]));
        const all = { ...filled, ...options };
        expect(ours(name, all), name).toBe(theirs(name, all));
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(2_000);
  document.documentElement.lang = "en";
});

function slots(words: Catalogue, key: string): Set<string> {
  let text: string | Catalogue | undefined = words;
  for (const part of key.split(".")) text = typeof text === "object" ? text[part] : undefined;
  return new Set([...String(text).matchAll(/\{\{\s*(\w+)/g)].map(([, slot]) => slot as string));
}

test("a key that is nowhere is its own text, or what stands in for it", () => {
  const t = translator(["feed", "common"]) as unknown as (key: string, options?: object) => string;
  expect(t("nowhere")).toBe("nowhere");
  expect(t("nowhere", { defaultValue: "else {{at}}", at: 1 })).toBe("else 1");
  expect(t("home")).toBe("Home");
  expect(t("errors:status")).toBe("errors:status");
});
