import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { benchCatalogue } from "./catalogue.mjs";
import { benchCommand } from "./command.mjs";
import { benchDispatch } from "./dispatch.mjs";
import { benchImport } from "./import.mjs";
import { benchJson } from "./json.mjs";
import { benchJsonPath } from "./json-path.mjs";
import { benchLookup } from "./lookup.mjs";
import { benchMcpStart } from "./mcp-start.mjs";
import { benchOpen } from "./open.mjs";
import { benchSearch } from "./search.mjs";
import { benchSteps } from "./steps.mjs";
import { benchTelemetry } from "./telemetry.mjs";

// npm run bench [-- <folder of capability files>] : measures everything and writes RESULTS.md.

const root = path.resolve(import.meta.dirname, "..");
const folder = path.resolve(process.argv[2] ?? path.join(root, "capabilities"));
if (!existsSync(folder)) throw new Error(`No folder ${folder}`);

const sections = [
  ["Start of the command", await benchCommand()],
  ["Start of a server for agents", await benchMcpStart()],
  ["Calls in one process", await benchDispatch()],
  ["Units and steps", await benchSteps()],
  ["Telemetry", await benchTelemetry()],
  ["Opening files", await benchOpen(folder)],
  ["Look-up of a name", await benchLookup()],
  ["The catalogue", await benchCatalogue()],
  ["Search", await benchSearch()],
  ["Import of OpenAPI", await benchImport()],
  ["JSON", await benchJson()],
  ["JSONPath", await benchJsonPath()],
];
const text = await format(sections);
await writeFile(path.join(import.meta.dirname, "RESULTS.md"), text);
console.log(text);

async function format(measured) {
  const versions = [];
  for (const name of ["undici", "yaml", "openapi-client-axios", "jsonpath-plus", "json-p3"]) {
    const manifest = JSON.parse(await readFile(path.join(root, "node_modules", name, "package.json"), "utf8"));
    versions.push(`${name} ${manifest.version}`);
  }
  const lines = [
    "# Results",
    "",
    "Written by `npm run bench`. Ratios are medians of interleaved measurements in one run; single times only give the scale.",
    "",
    `- ${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${os.type()} ${os.arch()}`,
    `- Node ${process.versions.node}, ${versions.join(", ")}`,
  ];
  for (const [title, rows] of measured) {
    lines.push("", `## ${title}`, "", "| what | measured | wanted |", "|---|---|---|");
    for (const { what, value, bound } of rows) lines.push(`| ${what} | ${value} | ${bound} |`);
  }
  return `${lines.join("\n")}\n`;
}
