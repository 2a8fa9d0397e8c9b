// Which scripts, words and data each page begins with: written into index.html, where src/app/early.js asks for them.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { firstNamespaces, languages } from "../src/i18n/languages.ts";

/** `part`: which part of the address stands for `:part`. `order`: whom it is for, by the order of their home feed. */
type Ask = { path: string; part?: number; order?: string };
type Page = { path: string; module: string; words?: string[]; asks?: Ask[] };

const post = { module: "post/pages/PostPage", words: ["talk"], asks: [{ path: "/posts/:part", part: 2 }] };

/** What api/lists.ts asks for first. */
const home = [
  { path: "/feed/home?order=latest&limit=3", order: "ranked" },
  { path: "/feed/home?order=:order&limit=12" },
];

/** Patterns of addresses, the first that fits holds. */
const pages: Page[] = [
  { path: "^/$", module: "feed/pages/Home", asks: home },
  { path: "^/posts/", ...post },
  { path: "^/p/", ...post },
  {
    path: "^/@[^/]+/?$",
    module: "profile/pages/ProfilePage",
    words: ["profile"],
    asks: [{ path: "/users/:part", part: 1 }],
  },
  {
    path: "^/explore",
    module: "discovery/pages/Explore",
    words: ["discovery", "profile"],
    asks: [{ path: "/feed/explore?limit=30" }],
  },
  { path: "^/new", module: "compose/pages/Compose", words: ["compose", "details", "edit"], asks: home },
  { path: "^/settings", module: "settings/pages/Settings", words: ["settings", "accounts", "edit"] },
  { path: "^/login", module: "session/pages/Login", words: ["session", "accounts"] },
  { path: "^/register", module: "session/pages/Register", words: ["session"] },
];

type Chunk = { type: "chunk" | "asset"; fileName: string; moduleIds?: string[]; imports?: string[] };

export function early(): Plugin {
  const source = readFileSync(new URL("../src/app/early.js", import.meta.url), "utf8");
  const name = `assets/early-${createHash("sha256").update(source).digest("base64url").slice(0, 8)}.js`;
  return {
    name: "early",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle) as Chunk[];
        const holding = (module: string) => {
          const found = chunks.find(({ moduleIds }) => moduleIds?.some((id) => id.endsWith(module)));
          if (!found) throw new Error(`no chunk holds ${module}`);
          return found.fileName;
        };
        const imported = (fileName: string, met = new Set<string>()): Set<string> => {
          if (met.has(fileName)) return met;
          met.add(fileName);
          const chunk = bundle[fileName] as Chunk | undefined;
          for (const other of chunk?.imports ?? []) imported(other, met);
          return met;
        };
        const address = (fileName: string) => `/${fileName}`;
        const words = Object.fromEntries(
          languages.map((language) => {
            const names = [...new Set(pages.flatMap(({ words = [] }) => words))];
            const files = names.map((one) => [one, address(holding(`/i18n/${language}/${one}.json`))]);
            return [
              language,
              { first: address(holding(`/i18n/${language}/${firstNamespaces[0]}.json`)), ...Object.fromEntries(files) },
            ];
          }),
        );
        const table = pages.map(({ path, module, words: names, asks }) => {
          const files = [...imported(holding(`/features/${module}.tsx`))].map(address);
          return { path, scripts: files.filter((one) => !html.includes(one)), words: names, asks };
        });
        return [
          {
            tag: "script",
            attrs: { type: "application/json", id: "early" },
            children: JSON.stringify({ pages: table, words }),
            injectTo: "head-prepend",
          },
          { tag: "script", attrs: { src: `/${name}` }, injectTo: "head-prepend" },
        ];
      },
    },
  };
}
