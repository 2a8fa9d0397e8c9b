/// <reference types="vitest/config" />
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { early } from "./scripts/early.ts";
import { manifests } from "./scripts/manifest.ts";

/** What the first page shows: i18n/index.tsx names the same. */
const firstWords = ["common", "feed", "post"];

type Modules = { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null };

/** The modules that the entry imports, and what these import, without what is lazy. */
function first(modules: Modules, id: string, met: Set<string>): Set<string> {
  if (!met.has(id)) {
    met.add(id);
    for (const other of modules.getModuleInfo(id)?.importedIds ?? []) first(modules, other, met);
  }
  return met;
}

const entry = new URL("./src/main.tsx", import.meta.url).pathname;

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    early(["en", "de"], firstWords),
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
              test: new RegExp(`/i18n/${language}/(${firstWords.join("|")})\\.json$`),
            })),
            // What every page needs, in one file that outlives our changes.
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|react-router|react-redux|redux|redux-thunk|reselect|immer|use-sync-external-store|@reduxjs|@standard-schema)\//,
            },
            // All else that the first page imports, in one file: each further one is a request more.
            {
              name: (id, modules) => (first(modules, entry, new Set()).has(id) ? "app" : null),
              test: /\/web\/src\/.*\.tsx?$/,
              debugName: "app",
            },
            // Icons and parts that several later pages share: too small for files of their own.
            { name: "shared", test: /\/(lucide-react|web\/src\/(ui|lib))\//, minShareCount: 2 },
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
