import { expect, test } from "vitest";
import { bareTexts } from "./bareText";

test.each([
  ["<p>Hello</p>", ["1: Hello"]],
  ["<>\n  Two\n  lines</>", ["1: Two\n  lines"]],
  ['<p>{open ? "Hide" : "Show"}</p>', ["1: Hide", "1: Show"]],
  ['<p>{name || "nobody"}</p>', ["1: nobody"]],
  ["<p>{`$" + "{count} posts`}</p>", ["1: posts"]],
  ['<button aria-label="Close" title={"Close it"} />', ["1: Close", "1: Close it"]],
  ['<Blank title="Empty" act="Go" />', ["1: Empty", "1: Go"]],
  ['<img alt={words ?? "A photo"} />', ["1: A photo"]],
  ['<Entry name="Home" />', ["1: Home"]],
  ['show({ text: "Link copied." })', ["1: Link copied."]],
  ["say(`They are gone, $" + "{name}`)", ["1: They are gone,"]],
])("%s has bare text", (source, found) => {
  expect(bareTexts(`const a = ${source};`)).toEqual(found);
});

test.each([
  '<p>{t("hello")}</p>',
  "<p>· {count} / 2,200 →</p>",
  "<title>Tintype</title>",
  '<input name="username" type="text" className="wide" autoComplete="email" />',
  '<p className={open ? "flex" : "hidden"} dir="auto">{" "}</p>',
  '<TextField name="email" label={t("email")} />',
  'new Intl.NumberFormat("en", { notation: "compact" })',
  'has("Retry-After") && /Mac OS X/.test(agent) && key === "Escape"',
])("%s has none", (source) => {
  expect(bareTexts(`const a = ${source};`)).toEqual([]);
});
