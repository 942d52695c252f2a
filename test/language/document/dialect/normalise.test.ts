import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { normalise } from "../../../../src/language/document/dialect/normalise.ts";
import type { Document } from "../../../../src/language/document/document.ts";

function document(text: string): Document {
  return { name: "x", file: "/x.yaml", text, value: parse(text) };
}

/** The same part of a document in the newer form and in the one that is read. */
const forms: readonly { readonly what: string; readonly newer: string; readonly read: string }[] = [
  {
    what: "the root key and the label of info",
    newer: "{ ikanos: 1.0.0-beta5, info: { display: Shop, version: '2' } }",
    read: "{ naftiko: 1.0.0-beta5, info: { label: Shop, version: '2' } }",
  },
  {
    what: "consumed resources, operations, inputs and outputs",
    newer: `
ikanos: x
capability:
  consumes:
  - namespace: shop
    inputParameters: { X-V: { in: header, value: "1" } }
    resources:
      items:
        path: /items
        display: Items
        inputParameters: { a: { in: query } }
        operations:
          find: { method: GET, display: Find, inputParameters: { q: { in: query } }, outputParameters: { n: { value: $.n } } }
`,
    read: `
naftiko: x
capability:
  consumes:
  - namespace: shop
    inputParameters: [ { name: X-V, in: header, value: "1" } ]
    resources:
    - name: items
      path: /items
      label: Items
      inputParameters: [ { name: a, in: query } ]
      operations:
      - { name: find, method: GET, label: Find, inputParameters: [ { name: q, in: query } ], outputParameters: [ { name: n, value: $.n } ] }
`,
  },
  {
    what: "a REST server with steps, mappings and outputs",
    newer: `
ikanos: x
exposes:
- type: rest
  resources:
    orders:
      path: /orders
      operations:
        get-order:
          steps: { one: { type: call, call: a.b }, two: { type: lookup, outputParameters: [ x ] } }
          mappings: [ { target: total, value: $.one.total } ]
          outputParameters:
            lines: { type: array, items: { sku: { type: string }, price: { type: object, properties: { net: { display: Net } } } } }
`,
    read: `
naftiko: x
exposes:
- type: rest
  resources:
  - name: orders
    path: /orders
    operations:
    - name: get-order
      steps: [ { name: one, type: call, call: a.b }, { name: two, type: lookup, outputParameters: [ x ] } ]
      mappings: [ { targetName: total, value: $.one.total } ]
      outputParameters:
      - { name: lines, type: array, items: [ { name: sku, type: string }, { name: price, type: object, properties: { net: { label: Net } } } ] }
`,
  },
  {
    what: "an MCP server",
    newer: `
ikanos: x
exposes:
- type: mcp
  tools: { find: { inputParameters: { q: { type: string } }, outputParameters: [ { type: array, items: { type: string } } ] } }
  resources: { item: { uri: "x://{id}", display: Item } }
  prompts: { ask: { arguments: { who: { display: Who } }, template: [ { role: user, content: hi } ] } }
`,
    read: `
naftiko: x
exposes:
- type: mcp
  tools: [ { name: find, inputParameters: [ { name: q, type: string } ], outputParameters: [ { type: array, items: { type: string } } ] } ]
  resources: [ { name: item, uri: "x://{id}", label: Item } ]
  prompts: [ { name: ask, arguments: [ { name: who, label: Who } ], template: [ { role: user, content: hi } ] } ]
`,
  },
  {
    what: "skills and aggregates",
    newer: `
ikanos: x
exposes: [ { type: skill, skills: { s: { tools: { t: { instruction: a.md } } } } } ]
aggregates: [ { namespace: a, display: A, flows: { f: { call: b.c, inputParameters: { i: {} } } } } ]
`,
    read: `
naftiko: x
exposes: [ { type: skill, skills: [ { name: s, tools: [ { name: t, instruction: a.md } ] } ] } ]
aggregates: [ { namespace: a, label: A, functions: [ { name: f, call: b.c, inputParameters: [ { name: i } ] } ] } ]
`,
  },
  {
    what: "aggregates by namespace, one of which has it inside",
    newer: "{ ikanos: x, capability: { aggregates: { a: { flows: { f: { call: b.c } } }, b: { namespace: c } } } }",
    read: "{ naftiko: x, capability: { aggregates: [ { namespace: a, functions: [ { name: f, call: b.c } ] }, { namespace: c } ] } }",
  },
  {
    what: "nested outputs below a mapping",
    newer:
      "{ ikanos: x, exposes: [ { type: mcp, tools: { t: { outputParameters: [ { mapping: { items: { a: { type: string } } } } ] } } } ] }",
    read: "{ naftiko: x, exposes: [ { type: mcp, tools: [ { name: t, outputParameters: [ { mapping: { items: [ { name: a, type: string } ] } } ] } ] } ] }",
  },
  {
    what: "an entry without members, and one with a name of its own",
    newer: "{ ikanos: x, capability: { consumes: [ { inputParameters: { a: , b: { name: a, in: header } } } ] } }",
    read: "{ naftiko: x, capability: { consumes: [ { inputParameters: [ { name: a }, { name: a, in: header } ] } ] } }",
  },
  {
    what: "maps of either form, also below the older root key",
    newer:
      "{ naftiko: x, capability: { consumes: [ { resources: { a: { operations: [ { name: o, display: O } ] } } } ] } }",
    read: "{ naftiko: x, capability: { consumes: [ { resources: [ { name: a, operations: [ { name: o, label: O } ] } ] } ] } }",
  },
];

describe("normalise()", () => {
  it.each(forms)("reads $what", ({ newer, read }) => {
    expect(normalise(document(newer)).value).toEqual(parse(read));
  });

  it.each(forms)("leaves $what of the older generation as it is", ({ read }) => {
    const older = document(read);
    expect(normalise(older).value).toBe(older.value);
  });

  it.each(forms)("does not edit $what", ({ newer }) => {
    const given = document(newer);
    normalise(given);
    expect(given.value).toEqual(parse(newer));
  });

  it.each([
    ["null", null],
    ["text", "ikanos"],
    ["a list", [1]],
    ["members of other kinds", { ikanos: "x", capability: [], consumes: "a", exposes: [1, null, "x"], info: 5 }],
  ])("leaves %s to validation", (_, value) => {
    const { value: normalised } = normalise({ name: "x", value });
    expect(normalised).toEqual(
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? { naftiko: "x", capability: [], consumes: "a", exposes: [1, null, "x"], info: 5 }
        : value,
    );
  });

  it("takes names that objects inherit for what they are", () => {
    const text = `
ikanos: x
capability:
  consumes:
  - resources: { constructor: { path: /c, operations: { toString: { method: GET }, __proto__: { method: PUT } } } }
`;
    const { value } = normalise({ name: "x", value: parse(text) });
    expect(value).toEqual({
      naftiko: "x",
      capability: {
        consumes: [
          {
            resources: [
              {
                name: "constructor",
                path: "/c",
                operations: [
                  { name: "toString", method: "GET" },
                  { name: "__proto__", method: "PUT" },
                ],
              },
            ],
          },
        ],
      },
    });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("ends on documents that hold themselves", () => {
    const value: { ikanos: string; capability: { consumes: unknown[] } } = {
      ikanos: "x",
      capability: { consumes: [] },
    };
    const output: { properties: Record<string, unknown> } = { properties: {} };
    output.properties["again"] = output;
    value.capability.consumes.push({ resources: [{ operations: [{ outputParameters: [output] }] }] });
    expect(normalise({ name: "x", value }).value).toMatchObject({ naftiko: "x" });
  });

  it.each([
    ["", ""],
    ["/naftiko", "/ikanos"],
    ["/info/label", "/info/display"],
    [
      "/capability/consumes/0/resources/1/operations/0/method",
      "/capability/consumes/0/resources/b~1c/operations/get/method",
    ],
    [
      "/capability/consumes/0/resources/1/operations/0/label",
      "/capability/consumes/0/resources/b~1c/operations/get/display",
    ],
    ["/capability/consumes/0/resources/0/name", "/capability/consumes/0/resources/a/name"],
    ["/capability/exposes/0/tools/0/mappings/0/targetName", "/capability/exposes/0/tools/t/mappings/0/target"],
    ["/capability/consumes/0/nothing/here", "/capability/consumes/0/nothing/here"],
  ])("knows that %j stands at %j", (pointer, written) => {
    const { value, origins } = normalise(
      document(`
ikanos: x
info: { display: D }
capability:
  consumes:
  - resources: { a: { path: /a }, b/c: { operations: { get: { method: GET, display: G } } } }
  exposes:
  - { type: mcp, tools: { t: { mappings: [ { target: a } ] } } }
`),
    );
    expect(origins.find(value, pointer)).toMatchObject({ pointer: written, document: { file: "/x.yaml" } });
  });
});
