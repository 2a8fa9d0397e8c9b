import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bareTexts } from "../test/bareText";
import { catalogues } from "../test/texts";
import { languages } from "./languages";
import type { Catalogue } from "./runtime";

function flat(words: Catalogue, prefix = ""): [key: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
}
const all = (language: string) =>
  new Map(
    Object.entries(catalogues[language] ?? {}).flatMap(([namespace, words]) =>
      flat(words).map(([key, text]) => [`${namespace}:${key}`, text] as const),
    ),
  );
const english = all("en");
const slots = (text = "") => [...text.matchAll(/\{\{.*?\}\}|<\/?\w+\/?>/g)].map(([slot]) => slot).sort();

describe.each(languages.filter((language) => language !== "en"))("%s", (language) => {
  const words = all(language);
  test("says everything that English says, and no more", () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
  });
  test("fills the same slots", () => {
    for (const [key, text] of words) expect([key, slots(text)]).toEqual([key, slots(english.get(key))]);
  });
  test("leaves nothing empty", () => {
    expect([...words].filter(([, text]) => !text.trim())).toEqual([]);
  });
});

test("every error of the API has words", () => {
  const documented = readFileSync("../docs/api.md", "utf8");
  const codes = [...documented.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \| \d{3} \|/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !english.has(`errors:${code}`))).toEqual([]);
});

const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}", "!../test/**", "!../api/generated.ts"],
  {
    eager: true,
    query: "?raw",
    import: "default",
  },
);

test("the code holds no words of its own", () => {
  const bare = Object.entries(sources).flatMap(([path, source]) =>
    bareTexts(source, path).map((text) => `${path.slice(3)}:${text}`),
  );
  expect(bare).toEqual([]);
});
