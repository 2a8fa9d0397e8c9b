// The web app manifest, one a language, with words from the catalogues.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

type Words = { newPost: string; people: string; profile: string; app: { description: string } };

export function manifest(language: string, words: Words) {
  return {
    id: "/",
    name: "Tintype",
    short_name: "Tintype",
    description: words.app.description,
    lang: language,
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#faf9f7",
    theme_color: "#faf9f7",
    categories: ["photo", "social"],
    icons: [
      { src: "/icons/192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    shortcuts: [
      { name: words.newPost, url: "/new", icons: [{ src: "/icons/192.png", sizes: "192x192" }] },
      { name: words.people, url: "/people", icons: [{ src: "/icons/192.png", sizes: "192x192" }] },
    ],
    share_target: {
      action: "/share",
      method: "POST",
      enctype: "multipart/form-data",
      params: {
        title: "title",
        text: "text",
        url: "url",
        files: [
          {
            name: "files",
            accept: [
              ...["jpeg", "png", "webp", "gif", "heic", "heif", "avif"].map((kind) => `image/${kind}`),
              ...["mp4", "quicktime", "webm"].map((kind) => `video/${kind}`),
            ],
          },
        ],
      },
    },
  };
}

/** `manifest.webmanifest` for English, `manifest.de.webmanifest` and so on for the others. */
export function manifests(languages: readonly string[]): Plugin {
  return {
    name: "manifests",
    apply: "build",
    generateBundle() {
      for (const language of languages) {
        const file = new URL(`../src/i18n/${language}/common.json`, import.meta.url);
        const words = JSON.parse(readFileSync(file, "utf8")) as Words;
        const fileName = language === "en" ? "manifest.webmanifest" : `manifest.${language}.webmanifest`;
        this.emitFile({ type: "asset", fileName, source: JSON.stringify(manifest(language, words)) });
      }
    },
  };
}
