import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../../src/base/json-object.ts";
import { documentText } from "../../../src/language/document/document-text.ts";
import { parseBlockYaml } from "../../../src/language/document/parse-block-yaml.ts";

const cases: readonly { readonly what: string; readonly document: JsonObject; readonly text?: string }[] = [
  {
    what: "keys in another order",
    document: {
      capability: {
        consumes: [
          {
            resources: [
              {
                operations: [
                  {
                    "x-schema": { type: "object", name: 1 },
                    inputParameters: [{ "x-explode": false, in: "query", required: true, name: "status" }],
                    method: "GET",
                    name: "find",
                  },
                ],
                path: "/orders",
                name: "orders",
              },
            ],
            note: "kept",
            baseUri: "https://api.shop.test",
            namespace: "shop",
            type: "http",
          },
        ],
      },
      info: { description: "Two\nlines\n", label: "Shop" },
      naftiko: "1.0.0-alpha3",
    },
    text: `naftiko: "1.0.0-alpha3"
info:
  label: Shop
  description: |
    Two
    lines
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.shop.test
      resources:
        - name: orders
          path: /orders
          operations:
            - name: find
              method: GET
              inputParameters:
                - name: status
                  in: query
                  required: true
                  x-explode: false
              x-schema:
                type: object
                name: 1
      note: kept
`,
  },
  {
    what: "the data of a form, whose order is that of the request",
    document: { capability: { consumes: [{ resources: [{ operations: [{ body: { data: { b: 1, a: 2 } } }] }] }] } },
  },
  {
    what: "the newer form, whose members are names",
    document: { ikanos: "1.0.0-beta5", consumes: [{ resources: { path: { operations: { name: {} } } } }] },
  },
  {
    what: "texts that need care",
    document: {
      info: {
        label: "{{NAME}}",
        description: "a: b # c\n  indented\n\n\ttab \r\nend ",
        tags: ["no", "1", "", "- x", "\u001b[31m", "| x", "é😀\u2028"],
      },
    },
  },
  { what: "names of prototypes", document: Object.fromEntries([["__proto__", { constructor: 1 }]]) },
  { what: "parts of other types", document: { info: ["x"], capability: null, consumes: "x", binds: [1, null] } },
];

describe("documentText()", () => {
  it.each(cases)("writes $what, and is read back", ({ document, text }) => {
    const written = documentText(document, "yaml");
    if (text !== undefined) expect(written).toBe(text);
    expect(parse(written)).toStrictEqual(document);
    const read = parseBlockYaml(written, { numbers: undefined });
    if (read.ok) expect(read.value).toStrictEqual(document);
    expect(JSON.parse(documentText(document, "json"))).toStrictEqual(document);
  });

  it("writes two documents of the same content as the same text", () => {
    const [{ document }] = cases as [(typeof cases)[number]];
    const turned = Object.fromEntries(Object.entries(document).reverse());
    expect(documentText(turned, "json")).toBe(documentText(document, "json"));
  });
});
