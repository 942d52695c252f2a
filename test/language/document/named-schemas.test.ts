import { describe, expect, it } from "vitest";
import { NamedSchemas } from "../../../src/language/document/named-schemas.ts";

const order = { type: "object", properties: { lines: { type: "array", items: { $ref: "#/$defs/Line" } } } };
const line = { type: "object", properties: { of: { $ref: "#/$defs/Order" }, price: { $ref: "#/$defs/Money~1EUR" } } };
const named = {
  Order: order,
  Line: line,
  "Money/EUR": { type: "number" },
  Other: { type: "string" },
  ...JSON.parse('{ "__proto__": { "type": "null" } }'),
};
const protoNamed = JSON.parse('{ "__proto__": { "type": "null" } }');

const cases: readonly (readonly [what: string, schema: unknown, completed: unknown])[] = [
  ["a schema without references", { type: "string" }, { type: "string" }],
  ["a schema that is a boolean", true, true],
  ["a value that is no schema", "text", "text"],
  [
    "a reference, with those behind it and back to it",
    { $ref: "#/$defs/Order" },
    { $ref: "#/$defs/Order", $defs: { Order: order, Line: line, "Money/EUR": { type: "number" } } },
  ],
  [
    "a reference into a schema, which is escaped",
    { items: { $ref: "#/$defs/Money~1EUR" }, not: { $ref: "#/$defs/Money%2FEUR" } },
    {
      items: { $ref: "#/$defs/Money~1EUR" },
      not: { $ref: "#/$defs/Money%2FEUR" },
      $defs: { "Money/EUR": { type: "number" } },
    },
  ],
  [
    "own definitions, which win",
    { allOf: [{ $ref: "#/$defs/Other" }, { $ref: "#/$defs/Money~1EUR" }], $defs: { Other: { type: "integer" } } },
    {
      allOf: [{ $ref: "#/$defs/Other" }, { $ref: "#/$defs/Money~1EUR" }],
      $defs: { Other: { type: "integer" }, "Money/EUR": { type: "number" } },
    },
  ],
  [
    "names that are not there, and of prototypes",
    { allOf: [{ $ref: "#/$defs/constructor" }, { $ref: "#/$defs/No" }, { $ref: "#" }, { $ref: 1 }] },
    { allOf: [{ $ref: "#/$defs/constructor" }, { $ref: "#/$defs/No" }, { $ref: "#" }, { $ref: 1 }] },
  ],
  ["the name of a prototype", { $ref: "#/$defs/__proto__" }, { $ref: "#/$defs/__proto__", $defs: protoNamed }],
];

describe("NamedSchemas.complete()", () => {
  it.each(cases)("completes %s", (_, schema, completed) => {
    const before = structuredClone(named);
    expect(new NamedSchemas(named).complete(schema)).toEqual(completed);
    expect(named).toEqual(before);
  });

  it("reads each schema once for a thousand operations", () => {
    let read = 0;
    const counted = Object.defineProperties(
      {},
      Object.fromEntries(
        ["A", "B"].map((name, index) => [
          name,
          {
            enumerable: true,
            get: () => {
              read++;
              return index === 0 ? { $ref: "#/$defs/B" } : {};
            },
          },
        ]),
      ),
    );
    const schemas = new NamedSchemas(counted);
    for (let operation = 0; operation < 1_000; operation++) schemas.complete({ $ref: "#/$defs/A" });
    expect(read).toBe(2);
  });
});
