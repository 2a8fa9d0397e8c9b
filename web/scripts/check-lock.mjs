// Checks that every optional dependency named in the lock stands in it: where one lacks, `npm ci` fails on that platform.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const installed = new Set(
  Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)),
);

const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !installed.has(name))
    .map((name) => `${path || "the project"} names ${name}`),
);
const withAddress = Object.entries(lock.packages)
  .filter(([, entry]) => entry.resolved?.includes("://"))
  .map(([path]) => `${path} carries the address of a registry`);

for (const problem of [...missing, ...withAddress]) console.error(problem);
process.exit(missing.length + withAddress.length ? 1 : 0);
