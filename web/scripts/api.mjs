// Generates src/api/generated.ts from openapi.json.
//
// The base query takes answers out of their envelope, so the types are generated without it: a plain answer becomes its
// `data`, a list becomes `{data, pagination}`. Request bodies are put inline, so that each is the argument `body`
// whatever its schema is called. Of the headers only Idempotency-Key is an argument; the base query sends the rest.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generateEndpoints } from "@rtk-query/codegen-openapi";

const web = new URL("../", import.meta.url);
const doc = JSON.parse(readFileSync(new URL("openapi.json", web), "utf8"));
const lookUp = (node) =>
  node?.$ref
    ? lookUp(
        node.$ref
          .slice(2)
          .split("/")
          .reduce((at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")], doc),
      )
    : node;

for (const path of Object.values(doc.paths)) {
  const shared = path.parameters ?? [];
  delete path.parameters;
  for (const operation of Object.values(path)) {
    if (!operation.operationId) continue;
    operation.parameters = [...shared, ...(operation.parameters ?? [])]
      .map(lookUp)
      .filter(
        ({ in: place, name }) => place === "path" || place === "query" || name.toLowerCase() === "idempotency-key",
      );
    if (
      /^create(Post|Comment)$/.test(operation.operationId) &&
      !operation.parameters.some((one) => one.in === "header")
    ) {
      operation.parameters.push({ name: "Idempotency-Key", in: "header", schema: { type: "string" } });
    }
    if (operation.requestBody) {
      operation.requestBody = lookUp(operation.requestBody);
      for (const content of Object.values(operation.requestBody.content)) {
        const { title, ...schema } = lookUp(content.schema);
        content.schema = schema;
      }
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      if (!status.startsWith("2")) continue;
      operation.responses[status] = unwrapped(lookUp(response));
    }
  }
}

function unwrapped(response) {
  const content = response.content?.["application/json"];
  const envelope = lookUp(content?.schema);
  if (!envelope?.properties?.data) return response;
  const { data, pagination } = envelope.properties;
  const schema = pagination
    ? { type: "object", properties: { data, pagination }, required: ["data", "pagination"] }
    : data;
  return { ...response, content: { "application/json": { schema } } };
}

process.chdir(fileURLToPath(web));
const scratch = new URL(".api/", web);
mkdirSync(scratch, { recursive: true });
try {
  const schemaFile = new URL("openapi.json", scratch).pathname;
  writeFileSync(schemaFile, JSON.stringify(doc));
  await generateEndpoints({
    schemaFile,
    apiFile: "./src/api/empty.ts",
    apiImport: "emptyApi",
    outputFile: "./src/api/generated.ts",
    exportName: "generatedApi",
    hooks: { queries: true, lazyQueries: true, mutations: true },
    encodePathParams: true,
    mergeReadWriteOnly: true,
    useUnknown: true,
  });
} finally {
  rmSync(scratch, { recursive: true });
}
