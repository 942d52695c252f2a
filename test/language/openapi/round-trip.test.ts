import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json-object.ts";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { stringify } from "../../../src/base/numbers/exact-json.ts";
import { yamlText } from "../../../src/base/yaml-text.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import type { Runtime } from "../../../src/engine/runtime.ts";
import { documentText } from "../../../src/language/document/document-text.ts";
import { writtenValue } from "../../../src/language/document/written-numbers.ts";
import { exportOpenApi } from "../../../src/language/openapi/export-openapi.ts";
import type { SpecVersion } from "../../../src/language/openapi/exported-schemas.ts";
import { importDescription } from "../../../src/language/openapi/import-description.ts";
import { readDescription } from "../../../src/language/openapi/read-description.ts";
import { openTextRuntime, operationText } from "../../support/open-text.ts";
import { cases } from "./export-cases.ts";

// An import of an export gives the same capability, written by the same writer, byte for byte.

function exported({ model, document }: Runtime, version: SpecVersion, form = yamlText): string {
  return form(exportOpenApi(model, document.value as never, version, model.adapters).document);
}

async function imported(text: string, location = "/specs/api.yaml") {
  const description = await readDescription(location, async () => ({ text, location }));
  const [capability] = importDescription(description, { split: "none" });
  return { text: documentText(capability?.document ?? {}, "yaml"), description };
}

function written({ document }: Runtime): string {
  return documentText(writtenValue({ document: document.value }, "document") as JsonObject, "yaml");
}

const others: readonly { readonly what: string; readonly text: string }[] = [
  {
    what: "parts that OpenAPI has no word for",
    text: `
naftiko: 1.0.0-alpha2
info: { label: Shop, description: Sells, tags: [a, b], created: "2026-01-02", stakeholders: [{ role: owner, fullName: Ann }] }
binds: [{ namespace: vault, location: "file:///./secrets.yaml", description: Keys, keys: { SHOP_KEY: shop-key } }]
consumes:
- { type: http, namespace: shared, baseUri: "https://shared.test", resources: [{ name: x, path: /x, operations: [{ name: x, method: GET }] }] }
capability:
  description: Everything
  consumes:
  - type: http
    namespace: shop
    description: The shop
    baseUri: https://{region}.shop.test
    authentication: { type: apikey, key: X-Key, value: "{{SHOP_KEY}}" }
    inputParameters: [{ name: region, in: path, default: eu, enum: [eu, us] }, { name: X-V, in: header, value: "v{{version}}" }]
    resources:
    - name: all orders
      label: Orders
      path: /orders
      inputParameters: [{ name: page, in: query, type: integer, minimum: 1 }]
      operations:
      - { name: list, method: GET, path: "?open=true", outputRawFormat: CSV, outputParameters: [{ name: ids, type: array, value: "$[*].id" }], unknown: { a: null } }
      - { name: add, method: POST, body: '{ "a": "{{a}}", "b": {{b}} }', inputParameters: [{ name: version, in: environment }] }
    - { name: again, path: /orders, operations: [{ name: list, method: GET }, { name: drop, method: DELETE }] }
    - { name: lost, path: "orders//{id}/", operations: [{ name: one, method: GET, inputParameters: [{ name: id, in: path, x-explode: true, x-style: label, type: array }] }] }
  exposes: [{ type: mcp, port: 9090, namespace: m, tools: [{ name: t, description: T, call: shop.add, with: { a: tools.a } }] }]
`,
  },
  {
    what: "numbers with all their digits",
    text: operationText(
      "inputParameters: [{ name: n, in: query, default: 9007199254740993, maximum: 1e400, x-schema: { const: 12345678901234567890 } }]",
    ),
  },
  {
    what: "names that look like parts of a difference",
    text: operationText(
      'inputParameters: [{ name: "=", in: query }, { name: __proto__, in: header, "=": 1 }]\nx-schema: { type: object, properties: { "=": { type: string }, __proto__: { const: null } } }',
    ),
  },
  {
    what: "an adapter without operations",
    text: `${operationText("")}\n- { type: http, namespace: none, baseUri: "https://none.test" }`,
  },
];

describe("import of an export", () => {
  for (const { what, text } of [...cases, ...others]) {
    it(`gives ${what}`, async () => {
      const runtime = await openTextRuntime(text);
      for (const version of ["3.0", "3.1"] as const)
        expect((await imported(exported(runtime, version))).text).toBe(written(runtime));
    });
  }

  it("gives what an import has made, without anything carried", async () => {
    const first = await imported(`
openapi: 3.1.0
info: { title: Shop, version: "2", description: Sells }
servers: [{ url: "https://{region}.shop.test/v1", variables: { region: { default: eu, enum: [eu, us] } } }]
security: [{ key: [] }]
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      summary: Get an order
      tags: [orders]
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: fields, in: query, explode: false, schema: { type: array, items: { type: string } } }
      responses: { "200": { description: One, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } } }
    put:
      operationId: putOrder
      summary: Put an order
      tags: [orders]
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
      responses: { "200": { description: One, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } } }
components:
  schemas: { Order: { type: object, properties: { id: { type: integer }, parent: { $ref: "#/components/schemas/Order" } } } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
`);
    const runtime = await openTextRuntime(first.text);
    const text = exported(runtime, "3.1");
    expect(text).not.toContain("x-naftiko");
    expect((await imported(text)).text).toBe(first.text);
  });

  it("keeps what was edited in the description", async () => {
    const runtime = await openTextRuntime(others[0]?.text ?? "");
    const text = exported(runtime, "3.1", value => stringify(value) ?? "");
    const document = JSON.parse(text);
    document.paths["/added"] = { get: { operationId: "added", responses: {} } };
    delete document.paths["/x"];
    const edited = await imported(JSON.stringify(document));
    expect(edited.text).toContain("name: added");
    expect(edited.text).not.toContain("path: /x\n");
    expect(edited.text).toContain("name: all orders");
  });

  it("takes carried parts of any form", async () => {
    const plain = `{ "openapi": "3.1.0", "info": { "title": "A" }, "paths": { "/a": { "get": {} PLACE } } ROOT }`;
    const parts = [
      "1",
      "null",
      "[]",
      "{}",
      '{"=":1}',
      '{"layout":[1,{"resources":[{"operations":[{},"get /a","get /a"]}]}]}',
      '{"adapters":[[],3],"document":7,"shared":[1e9,"x"]}',
      '{"__proto__":{"x":1}}',
    ];
    for (const part of parts) {
      for (const place of ["PLACE", "ROOT"]) {
        const text = plain.replace(place, `, "x-naftiko": ${part}`).replace(/PLACE|ROOT/g, "");
        await expect(imported(text)).resolves.toBeDefined();
      }
    }
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  it("tells of carried parts that come from a URL", async () => {
    const { description } = await imported(
      '{"openapi":"3.1.0","paths":{"/a":{"get":{}}},"x-naftiko":{}}',
      "https://api.test/",
    );
    expect(description.findings.map(({ message }) => message)).toContainEqual(expect.stringContaining("x-naftiko"));
  });
});

/** Files of publishers, which stand beside the project in some places. They are no part of it. */
const CORPUS = path.resolve(import.meta.dirname, "../../../../shared/corpus");

describe.skipIf(!existsSync(CORPUS))("import of an export of published files", () => {
  for (const publisher of existsSync(CORPUS) ? readdirSync(CORPUS) : []) {
    const folder = path.join(CORPUS, publisher);
    it.skipIf(!publisher.match(/^[^.]+$/))(`gives those of ${publisher}`, async () => {
      for (const name of readdirSync(folder)) {
        const runtime = await openRuntime(
          path.join(folder, name),
          { env: {} },
          { cwd: folder, secrets: new SecretMask() },
        );
        if (runtime.model.operations.length === 0) continue;
        const { text } = await imported(exported(runtime, "3.1", value => stringify(value) ?? ""));
        expect(text, name).toBe(written(runtime));
      }
    });
  }
});
