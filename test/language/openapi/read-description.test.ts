import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import type { CapabilityError } from "../../../src/base/capability-error.ts";
import type { Description } from "../../../src/language/openapi/description.ts";
import type { DescriptionNode } from "../../../src/language/openapi/description-node.ts";
import { readDescription } from "../../../src/language/openapi/read-description.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Reads a description whose files are given by name; `api` is the one that is asked for. */
async function read(files: Readonly<Record<string, string | Uint8Array>>): Promise<Description> {
  const folder = await temporaryFolder(files);
  const [first = ""] = Object.keys(files);
  return readDescription(path.join(folder, first), async location => ({
    text: await readFile(location, "utf8").catch(() => {
      throw new Error("it is not there");
    }),
    location,
  }));
}

const messages = ({ findings }: Description) => findings.map(({ node, message }) => `${node.pointer}: ${message}`);

/** Follows the reference of `x`, which stands in the description. */
async function followed(reference: string, parts = "", others: Readonly<Record<string, string>> = {}) {
  const text = `openapi: 3.1.0\npaths: { /a: {} }\nx: { $ref: ${JSON.stringify(reference)} }\n${parts}`;
  const description = await read({ "api.yaml": text, ...others });
  const node = description.member(description.root, "x");
  return { description, found: node && description.resolve(node) };
}

it.each([
  { form: "JSON", text: '{"openapi":"3.1.0","paths":{"/a":{}}}', version: "3.1" },
  {
    form: "JSON with comments and commas",
    text: '{ // one\n"openapi":"3.0.0", /* two */ "paths":{"/a":{},},}',
    version: "3.0",
  },
  { form: "JSON behind a byte order mark", text: '\ufeff{"openapi":"3.0.0","paths":{"/a":{}}}', version: "3.0" },
  { form: "YAML", text: "openapi: 3.0.3\npaths:\n  /a: {}\n", version: "3.0" },
  {
    form: "YAML with line breaks of Windows",
    text: "openapi: 3.0.3\r\npaths:\r\n  /a:\r\n    get:\r\n",
    version: "3.0",
  },
  { form: "YAML that begins as JSON", text: "{openapi: 3.0.3, paths: {/a: {}}}", version: "3.0" },
  { form: "a number as version", text: "swagger: 2.0\npaths: { /a: {} }\n", version: "2.0" },
  { form: "a major version alone", text: "openapi: 3\npaths: { /a: {} }\n", version: "3.0" },
  {
    form: "YAML with aliases",
    text: "openapi: 3.0.3\nx-a: &a { /a: {} }\npaths: { <<: *a, /b: {} }\n",
    version: "3.0",
  },
  { form: "YAML with a key twice", text: "openapi: 3.0.3\npaths: { /b: {} }\npaths: { /a: {} }\n", version: "3.0" },
  {
    form: "YAML with a list as key",
    text: "openapi: 3.0.3\nx-a: { [1]: 2, {a: b}: c }\npaths: { /a: {} }\n",
    version: "3.0",
  },
  { form: "OpenAPI 3.2", text: "openapi: 3.2.0\npaths: { /a: {} }\n", version: "3.2" },
  { form: "no version", text: "paths: { /a: {} }\n", version: "3.0" },
  { form: "no version and a host", text: "host: a.example\npaths: { /a: {} }\n", version: "2.0" },
  {
    form: "keys that are no texts",
    text: "openapi: 3.0.0\npaths: { /a: { get: { responses: { 200: {} } } } }\n",
    version: "3.0",
  },
])("reads $form", async ({ text, version }) => {
  const description = await read({ "api.txt": text });
  expect(description.version).toBe(version);
  expect(description.member(description.root, "paths", "/a")).toBeDefined();
});

it.each([
  { of: "no paths", text: "openapi: 3.0.0\n", reason: "it describes no operations: its `paths` are missing" },
  { of: "empty paths", text: "openapi: 3.0.0\npaths: {}\n", reason: "its `paths` are empty" },
  { of: "paths that are null", text: "swagger: '2.0'\npaths:\n", reason: "its `paths` are empty" },
  {
    of: "paths that are a list",
    text: "openapi: 3.0.0\npaths: [a]\n",
    reason: "its `paths` are a list and not an object",
  },
  { of: "webhooks only", text: "openapi: 3.1.0\nwebhooks: { a: { post: {} } }\n", reason: "it has webhooks only" },
  { of: "an unknown version", text: "openapi: 4.0.0\npaths: { /a: {} }\n", reason: 'its version is "4.0.0"' },
  { of: "Swagger 1", text: '{"swaggerVersion":"1.2","apis":[]}', reason: "it is Swagger 1" },
  { of: "AsyncAPI", text: "asyncapi: 3.0.0\nchannels: {}\n", reason: "it is an AsyncAPI description" },
  { of: "Arazzo", text: "arazzo: 1.0.0\nworkflows: []\n", reason: "it is an Arazzo description" },
  { of: "an Overlay", text: "overlay: 1.0.0\nactions: []\n", reason: "it is an OpenAPI Overlay" },
  { of: "a Postman collection", text: '{"info":{"_postman_id":"1"},"item":[]}', reason: "it is a Postman collection" },
  { of: "Google Discovery", text: '{"kind":"discovery#restDescription"}', reason: "it is a Google Discovery document" },
  { of: "a GraphQL schema", text: "# types\ntype Query {\n  a: String\n}\n", reason: "it is a GraphQL schema" },
  { of: "GraphQL as JSON", text: '{"data":{"__schema":{}}}', reason: "it is a GraphQL schema" },
  { of: "an HTML page", text: "<!DOCTYPE html>\n<html>", reason: "it is an HTML page" },
  { of: "WSDL", text: '<?xml version="1.0"?><wsdl:definitions>', reason: "it is a WSDL description" },
  { of: "RAML", text: "#%RAML 1.0\ntitle: A\n", reason: "it is a RAML description" },
  { of: "HAR", text: '{"log":{"entries":[]}}', reason: "it is a HAR recording" },
  { of: "a capability", text: "naftiko: 1.0.0-alpha3\n", reason: "it is a capability already" },
  {
    of: "a JSON Schema",
    text: '{"$schema":"https://json-schema.org/draft/2020-12/schema"}',
    reason: "it is a JSON Schema",
  },
  { of: "another object", text: "a: 1\n", reason: "it is no OpenAPI description" },
  { of: "a list", text: "[1]", reason: "it is a list" },
  { of: "an empty file", text: "", reason: "it is empty" },
  { of: "broken JSON", text: '{"openapi": "3.0.0", "paths": ', reason: "it is not JSON" },
  { of: "broken YAML", text: "openapi: 3.0.0\npaths:\n  - a\n b: [\n", reason: "it is not YAML" },
  {
    of: "an alias of itself",
    text: "openapi: 3.0.0\npaths: &a { /a: *a }\n",
    reason: "it is not YAML: its aliases stand for",
  },
  { of: "nesting without end", text: `a: ${"[".repeat(100_000)}`, reason: "it is not YAML: " },
  {
    of: "an alias bomb",
    text: `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`)}]`).join("\n")}\npaths: {}\n`,
    reason: "it is not YAML: its aliases stand for more than 5000000 values",
  },
])("refuses $of", async ({ text, reason }) => {
  const error = await read({ "api.yaml": text }).catch((thrown: CapabilityError) => thrown);
  expect(error).toMatchObject({ code: "DESCRIPTION_INVALID", message: expect.stringContaining(reason) });
});

it.each([
  { of: "a member", reference: "#/x-a/b", value: 1 },
  { of: "a name with a slash", reference: "#/x-a/c~1d", value: 2 },
  { of: "a name with a tilde", reference: "#/x-a/e~0f", value: 3 },
  { of: "a name in percent-encoding", reference: "#/x-a/g%20h", value: 4 },
  { of: "a name with a percent sign", reference: "#/x-a/100%", value: 5 },
  { of: "an item", reference: "#/x-a/list/1", value: "second" },
  { of: "a member without the first slash", reference: "#x-a/b", value: 1 },
  { of: "a way through a reference", reference: "#/x-way/b", value: 1 },
  { of: "an anchor", reference: "#here", value: { $anchor: "here" } },
  { of: "another file", reference: "other.json", value: { a: { b: 7 } } },
  { of: "a member of another file", reference: "./other.json#/a/b", value: 7 },
  { of: "a file whose name is encoded", reference: "a%20b.yaml#/c", value: 8 },
  { of: "a reference of another file", reference: "folder/next.yaml#/up", value: 7 },
])("follows a reference to $of", async ({ reference, value }) => {
  const parts = `x-a: { b: 1, c/d: 2, e~f: 3, g h: 4, 100%: 5, list: [first, second] }
x-way: { $ref: "#/x-a" }
components: { schemas: { A: { $anchor: here } } }
`;
  const { description, found } = await followed(reference, parts, {
    "other.json": '{"a":{"b":7}}',
    "a b.yaml": "c: 8\n",
    "folder/next.yaml": 'up: { $ref: "../other.json#/a/b" }\n',
  });
  expect(messages(description)).toEqual([]);
  expect(found?.value).toEqual(value);
});

it.each([
  { of: "a member that is missing", reference: "#/x-a/b", reason: 'there is no "x-a"' },
  { of: "an anchor that is missing", reference: "#here", reason: 'no schema has the anchor "here"' },
  { of: "itself", reference: "#/x", reason: "it leads in a circle" },
  { of: "a circle", reference: "#/x-1", reason: "it leads in a circle" },
  { of: "a part of itself", reference: "#/x/y", reason: "it leads in a circle" },
  { of: "a missing file", reference: "none.yaml", reason: "it is not there" },
  { of: "a file that is not YAML", reference: "bad.yaml#/a", reason: "it is not YAML" },
  { of: "another scheme", reference: "urn:a:b", reason: "it is neither a path nor an http URL" },
  { of: "the prototype", reference: "#/__proto__/toString", reason: 'there is no "__proto__"' },
])("reports a reference to $of once", async ({ reference, reason }) => {
  const { description, found } = await followed(reference, "x-1: { $ref: '#/x-2' }\nx-2: { $ref: '#/x-1' }\n", {
    "bad.yaml": "a: [",
  });
  expect(found).toBeUndefined();
  const node = description.member(description.root, "x");
  expect(node && description.resolve(node)).toBeUndefined();
  expect(messages(description)).toEqual([expect.stringContaining(reason)]);
});

it("keeps the texts beside a reference, and the place of the value", async () => {
  const text =
    "openapi: 3.1.0\npaths: { /a: {} }\nx: { $ref: '#/y', description: here, summary: s, type: z }\ny: { description: there, a: { b: 1 } }\n";
  const description = await read({ "api.yaml": text });
  const node = description.resolve(description.member(description.root, "x") as DescriptionNode);
  expect(node?.value).toEqual({ description: "here", summary: "s", a: { b: 1 } });
  expect(node?.child("a")?.pointer).toBe("/y/a");
});

it("reads no file that only an example names", async () => {
  const text = `openapi: 3.1.0
paths:
  /a:
    get:
      responses: { 200: { content: { a/b: { example: { $ref: no.yaml }, examples: { one: { value: { $ref: no.yaml } } } } } } }
components:
  schemas: { A: { properties: { example: { $ref: yes.yaml } }, default: { $ref: no.yaml }, examples: [{ $ref: no.yaml }] } }
`;
  const folder = await temporaryFolder({ "api.yaml": text, "yes.yaml": "a: 1\n" });
  const asked: string[] = [];
  await readDescription(path.join(folder, "api.yaml"), async location => {
    asked.push(path.basename(location));
    return { text: await readFile(location, "utf8"), location };
  });
  expect(asked).toEqual(["api.yaml", "yes.yaml"]);
});

it("keeps the digits of large numbers as doubles that are remembered", async () => {
  const { writtenMember } = await import("../../../src/language/document/written-numbers.ts");
  const text = '{"openapi":"3.1.0","paths":{"/a":{}},"x":{"maximum":9223372036854775807}}';
  const description = await read({ "api.json": text });
  const { value } = description.member(description.root, "x") as DescriptionNode;
  expect(value).toEqual({ maximum: 2 ** 63 });
  expect(writtenMember(value as object, "maximum")).toBe(9223372036854775807n);
});
