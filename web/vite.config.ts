/// <reference types="vitest/config" />
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { early } from "./scripts/early.ts";
import { manifests } from "./scripts/manifest.ts";
import { firstNamespaces, languages } from "./src/i18n/languages.ts";

type Modules = { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null };

/** Whether the entry imports a module, or what it imports does, without what is lazy. */
function comesFirst() {
  let first: Set<string> | undefined;
  const meet = (modules: Modules, id: string, met: Set<string>): Set<string> => {
    if (met.has(id)) return met;
    met.add(id);
    for (const other of modules.getModuleInfo(id)?.importedIds ?? []) meet(modules, other, met);
    return met;
  };
  return (id: string, modules: Modules) => {
    first ??= meet(modules, new URL("./src/main.tsx", import.meta.url).pathname, new Set());
    return first.has(id);
  };
}

const isFirst = comesFirst();

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    early(),
    manifests(languages),
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
            ...languages.map((language) => ({
              name: `words-${language}`,
              test: new RegExp(`/i18n/${language}/(${firstNamespaces.join("|")})\\.json$`),
            })),
            // What every page needs, in one file that outlives our changes.
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|react-router|react-redux|redux|redux-thunk|reselect|immer|use-sync-external-store|@reduxjs|@standard-schema)\//,
            },
            // All else that the first page imports, in one file: each further one is a request more.
            {
              name: (id, modules) => (isFirst(id, modules) ? "app" : null),
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
