import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const operations = [{ name: "list", method: "GET", path: "/items" }];
const SHOP = capabilityText({ namespace: "shop", operations, others: [{ namespace: "stock", operations }] });

/** A file that exposes by REST, and consumes nothing. */
const served = (...servers: readonly string[]) => `
naftiko: "1.0.0-alpha3"
capability:
  exposes:
${servers.map((name, index) => `  - { type: rest, namespace: ${name}, port: ${3001 + index}, resources: [{ path: /ping, operations: [{ method: GET, name: ping, outputParameters: [{ name: answer, type: string, value: pong }] }] }] }`).join("\n")}
`;

const folder = () =>
  temporaryFolder({
    "shop.yaml": SHOP,
    "none.yaml": capabilityText({ operations: [] }),
    "served.yaml": served("one"),
    "twice.yaml": served("one", "two"),
  });

it.each([
  { of: "the server of a file that consumes nothing", args: ["./served.yaml"], port: 3001 },
  { of: "the server that is asked for", args: ["./served.yaml", "--exposed"], port: 3001 },
  { of: "the server that is named", args: ["./twice.yaml", "--adapter", "two"], port: 3002 },
])("prints the document of $of", async ({ args, port }) => {
  const { code, stdout, stderr } = await runCommand(["export", "openapi", ...args], { cwd: await folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(parse(stdout)).toMatchObject({
    servers: [{ url: `http://localhost:${port}` }],
    paths: { "/ping": { get: { operationId: "ping" } } },
  });
});

it("prints a document, and warns of what OpenAPI cannot hold", async () => {
  const { code, stdout, stderr } = await runCommand(["export", "openapi", "./shop.yaml"], { cwd: await folder() });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "warning: stock.list: another operation has GET /items too: its path is /items#list\n",
  });
  expect(parse(stdout)).toMatchObject({ openapi: "3.1.1", paths: { "/items": {}, "/items#list": {} } });
});

it("writes one API in the form that the name of the file says", async () => {
  const cwd = await folder();
  const args = ["export", "openapi", "./shop.yaml", "--adapter", "stock", "--spec-version", "3.0", "-o", "api.json"];
  expect(await runCommand(args, { cwd })).toEqual({ code: 0, stdout: "", stderr: "api.json is written\n" });
  const document = JSON.parse(await readFile(path.join(cwd, "api.json"), "utf8"));
  expect(document).toMatchObject({ openapi: "3.0.4", paths: { "/items": { get: { operationId: "list" } } } });
});

const mistakes: readonly (readonly [args: readonly string[], message: string, code: number])[] = [
  [
    ["./shop.yaml", "--adapter", "stok"],
    'Cannot use --adapter "stok": shop consumes shop, stock; did you mean "stock"?',
    2,
  ],
  [["./none.yaml"], "it consumes no operation", 2],
  [["./shop.yaml", "--exposed"], "Cannot export what shop serves: it exposes nothing by REST", 2],
  [["./twice.yaml"], "twice exposes one, two by REST: choose one with --adapter NAMESPACE", 2],
  [
    ["./twice.yaml", "--exposed", "--adapter", "tow"],
    'Cannot use --adapter "tow": twice exposes one, two by REST; did you mean "two"?',
    2,
  ],
  [["./shop.yaml", "--spec-version", "2.0"], "spec-version", 2],
  [["./shop.yaml", "-f", "xml"], "format", 2],
  [["./shop.yaml", "-o", "folder"], 'Cannot write --out "folder": it is a folder', 2],
  [["./missing.yaml"], "missing.yaml", 3],
];

it.each(mistakes)("refuses %j", async (args, message, code) => {
  const cwd = await folder();
  await mkdir(path.join(cwd, "folder"));
  const result = await runCommand(["export", "openapi", ...args], { cwd });
  expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
});
