/// <reference types="vitest/config" />
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { manifests } from "./scripts/manifest.ts";

/** Sets the chosen theme before the first paint, as a file of its own: the content policy allows no inline script. */
function earlyTheme(): Plugin {
  const source = readFileSync(new URL("./src/app/early-theme.js", import.meta.url), "utf8");
  const name = `assets/theme-${createHash("sha256").update(source).digest("base64url").slice(0, 8)}.js`;
  return {
    name: "early-theme",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
    transformIndexHtml: () => [{ tag: "script", attrs: { src: `/${name}` }, injectTo: "head-prepend" }],
  };
}

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    earlyTheme(),
    manifests(["en", "de"]),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/worker",
      filename: "sw.ts",
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ["index.html", "assets/*.{js,css,svg}", "assets/*-latin-*.woff2"],
        maximumFileSizeToCacheInBytes: 1_000_000,
      },
    }),
  ],
  build: {
    outDir: "../src/tintype/web",
    emptyOutDir: true,
    target: ["chrome123", "safari17.5", "firefox128"],
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // The words that the first page needs come in one file.
          groups: [
            ...["en", "de"].map((language) => ({
              name: `words-${language}`,
              test: new RegExp(`/i18n/${language}/(common|feed|post)\\.json$`),
            })),
            // What every page needs, in one file that outlives our changes.
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|react-router|react-redux|redux|redux-thunk|reselect|immer|use-sync-external-store|@reduxjs|@standard-schema)\//,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/m", "/p", "/avatars", "/upload"].map((path) => [path, "http://127.0.0.1:8000"]),
    ),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    testTimeout: 15_000,
    env: { TZ: "UTC" },
  },
});
