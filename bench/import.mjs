import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleModules } from "./bundle-modules.mjs";
import { median, row } from "./measure.mjs";

// The import of a description of 13 MB in a process that imports nothing else, next to what `JSON.parse` takes for its
// text in the same process. Each process parses first: both figures are of code that has not run before.

const BYTES = 13_000_000;
const MODULES = [
  "language/openapi/read-description",
  "language/openapi/import-description",
  "language/document/document-text",
];

const importScript = bundle => `
import { readFileSync } from "node:fs";
import { documentText, importDescription, readDescription } from ${JSON.stringify(bundle)};
const location = process.argv[1];
const text = readFileSync(location, "utf8");
const start = performance.now();
JSON.parse(text);
const parsed = performance.now();
const description = await readDescription(location, async () => ({ text, location }));
const [{ document }] = importDescription(description, { split: "none" });
const length = documentText(document, "yaml").length;
const written = performance.now();
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ parse: parsed - start, whole: written - parsed, megabytes: maxRSS / 1024, length }));`;

export async function benchImport({ rounds = 11 } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-import-"));
  try {
    const script = importScript(await bundleModules("import", MODULES));
    const file = path.join(folder, "large.json");
    await writeFile(file, largeDescription());
    const figures = Array.from({ length: rounds }, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script, file]);
      if (status !== 0) throw new Error(`The import ended with ${status}: ${stderr}`);
      return JSON.parse(stdout.toString());
    });
    const ratios = figures.map(({ parse, whole }) => whole / parse);
    return [
      row("import of a description of 13 MB / `JSON.parse` of it", median(ratios), "≤ 3"),
      row("its peak memory", Math.max(...figures.map(({ megabytes }) => megabytes)), "≤ 300", " MB"),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes a description like those that are published: a third of it are schemas, and most of the rest examples. */
function largeDescription() {
  const paths = {};
  const schemas = {};
  const whole = { openapi: "3.0.3", info: { title: "Large", version: "1" }, paths, components: { schemas } };
  let bytes = 0;
  for (let index = 0; bytes < BYTES; index++) {
    schemas[`thing-${index}`] = thing(index);
    paths[`/groups/{group}/things-${index}`] = resource(index);
    bytes += JSON.stringify([schemas[`thing-${index}`], paths[`/groups/{group}/things-${index}`]], undefined, 2).length;
  }
  return JSON.stringify(whole, undefined, 2);
}

function thing(index) {
  const fields = Array.from({ length: 20 }, (_, field) => [
    `field_${field}`,
    {
      type: field % 3 === 0 ? "integer" : "string",
      description: `The field ${field} of the thing ${index}: what it is for, and who may write it.`,
      example: `value ${field}`,
      ...(field % 5 === 0 ? { nullable: true } : {}),
    },
  ]);
  const owner = { $ref: `#/components/schemas/thing-${Math.max(0, index - 1)}` };
  return { type: "object", properties: { ...Object.fromEntries(fields), owner }, required: ["field_0", "owner"] };
}

function resource(index) {
  const reference = { $ref: `#/components/schemas/thing-${index}` };
  const example = Object.fromEntries(
    Array.from({ length: 60 }, (_, field) => [`field_${field}`, `an example ${field}`]),
  );
  const content = { "application/json": { schema: reference, examples: { default: { value: example } } } };
  const parameters = [
    { name: "group", in: "path", required: true, description: "The group.", schema: { type: "string" } },
    { name: "per_page", in: "query", description: "Things on a page.", schema: { type: "integer", default: 30 } },
  ];
  const said = { tags: [`tag-${index % 40}`], summary: `Do something with thing ${index}` };
  return {
    get: {
      ...said,
      operationId: `get-${index}`,
      parameters,
      responses: { 200: { description: "The thing.", content } },
    },
    put: {
      ...said,
      operationId: `put-${index}`,
      parameters: parameters.slice(0, 1),
      requestBody: { required: true, content },
      responses: { 200: { description: "The thing.", content }, 404: { description: "There is none." } },
    },
  };
}
