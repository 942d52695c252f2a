import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { patternProblem } from "../../../src/base/json-schema/compile-patterns.ts";
import { compileSchema } from "../../../src/base/json-schema/compile-schema.ts";

/** A schema, values that keep to it, and values that do not, as YAML. */
const schemas: readonly (readonly [schema: string, valid: string, invalid: string])[] = [
  ["true", "[1, null, {}]", "[]"],
  ["false", "[]", "[1, null, {}]"],
  ["{ type: integer }", "[1, 1.0, -3]", "[1.5, '1', null, true, []]"],
  ["{ type: [string, 'null'] }", "[a, null]", "[1, false, {}]"],
  [
    "{ enum: [a, 1, { x: [1, 2], y: 3 }, null] }",
    "[a, 1.0, { y: 3, x: [1, 2] }, null]",
    "[b, '1', { x: [2, 1], y: 3 }, false]",
  ],
  ["{ const: { a: 1 } }", "[{ a: 1.0 }]", "[{ a: 1, b: 2 }, 1]"],
  ["{ const: 0 }", "[0, -0.0]", "[false, '']"],
  ["{ minimum: 1, maximum: 3 }", "[1, 3, x]", "[0.9, 4]"],
  ["{ exclusiveMinimum: 1, exclusiveMaximum: 3 }", "[2, 1.1]", "[1, 3]"],
  ["{ multipleOf: 0.01 }", "[0.07, 4.35, 10, 1e300]", "[0.075, 1.001]"],
  ["{ multipleOf: 3 }", "[0, 9, -3, x]", "[1, 2.5]"],
  ["{ minLength: 2, maxLength: 3 }", "[ab, 'é😀', '😀😀😀', 1]", "[a, '😀', abcd]"],
  ["{ pattern: '^[a-z]+$' }", "[abc, 1]", "[A, 'a b', '']"],
  ["{ pattern: 'b' }", "[abc]", "[xyz]"],
  ["{ pattern: '^ak_[0-9]+$' }", "[ak_12]", '[ak_, "ak_1\\n", xak_1]'],
  ["{ pattern: '^IMO-\\d{7}' }", "[IMO-1234567, IMO-12345678]", '[IMO-123456, "IMO-١٢٣٤٥٦٧"]'],
  ["{ pattern: '^[\\w-]{2}b*x$' }", "[a-bbx, _ax]", "[éax, a-bb]"],
  ["{ pattern: '^\\u00e9\\p{L}$' }", "[éa]", "[ea]"],
  ["{ pattern: '^\\p{Letter}\\P{Decimal_Number}$' }", "[éa]", "[1a, a1]"],
  ["{ pattern: '^\\p{Script=Greek}+$' }", "[αβγ]", "[abc]"],
  ["{ pattern: '^a\\sb[\\s_]$' }", '["a\\u00a0b_", "a\\ufeffb\\u2003", "a b\\v"]', "[axb_, 'a bx']"],
  ["{ pattern: '^\\S+$' }", "[a]", '["a\\u00a0b", "a b"]'],
  ["{ pattern: '^\\cC$' }", '["\\u0003"]', "['\\cC', C]"],
  ["{ pattern: '^[[]\\s[\\]]$' }", "['[ ]']", "['[x]']"],
  ["{ minItems: 1, maxItems: 2 }", "[[1], [1, 2], x]", "[[], [1, 2, 3]]"],
  ["{ uniqueItems: true }", "[[1, '1', true], [{ a: 1 }, { a: 2 }]]", "[[1, 1.0], [{ a: 1, b: 2 }, { b: 2, a: 1 }]]"],
  ["{ minProperties: 1, maxProperties: 2 }", "[{ a: 1 }, []]", "[{}, { a: 1, b: 1, c: 1 }]"],
  ["{ required: [a, __proto__] }", "[{ a: 1, __proto__: 2 }, x]", "[{ a: 1 }, {}]"],
  ["{ dependentRequired: { a: [b] } }", "[{ a: 1, b: 2 }, { b: 1 }]", "[{ a: 1 }]"],
  ["{ dependentSchemas: { a: { required: [b] } } }", "[{ a: 1, b: 2 }, { c: 1 }]", "[{ a: 1 }]"],
  ["{ properties: { a: { type: string } }, additionalProperties: false }", "[{ a: x }, {}]", "[{ a: 1 }, { b: 1 }]"],
  [
    "{ patternProperties: { '^x-': { type: number } }, additionalProperties: { type: string } }",
    "[{ x-a: 1, b: c }]",
    "[{ x-a: a }, { b: 1 }]",
  ],
  ["{ propertyNames: { maxLength: 2 } }", "[{ ab: 1 }]", "[{ abc: 1 }]"],
  ["{ items: { type: integer } }", "[[1, 2], [], {}]", "[[1, a]]"],
  ["{ prefixItems: [{ type: string }], items: { type: integer } }", "[[a, 1, 2], [a], []]", "[[1], [a, b]]"],
  ["{ contains: { type: string } }", "[[1, a]]", "[[], [1]]"],
  ["{ contains: { type: string }, minContains: 2, maxContains: 3 }", "[[a, b], [a, 1, b, c]]", "[[a], [a, b, c, d]]"],
  ["{ contains: true, minContains: 0 }", "[[], [1]]", "[]"],
  ["{ allOf: [{ minimum: 1 }, { maximum: 2 }] }", "[1, 2]", "[0, 3]"],
  ["{ anyOf: [{ type: string }, { minimum: 5 }] }", "[a, 5]", "[4]"],
  ["{ oneOf: [{ minimum: 1 }, { maximum: 3 }] }", "[0, 4]", "[2]"],
  ["{ not: { type: string } }", "[1]", "[a]"],
  ["{ if: { minimum: 5 }, then: { multipleOf: 5 }, else: { maximum: 2 } }", "[10, 1]", "[6, 3]"],
  ["{ $defs: { 'a/b': { type: string } }, properties: { x: { $ref: '#/$defs/a~1b' } } }", "[{ x: y }]", "[{ x: 1 }]"],
  ["{ $defs: { n: { $anchor: name, type: string } }, items: { $ref: '#name' } }", "[[a]]", "[[1]]"],
  [
    "{ type: object, properties: { next: { $ref: '#' } }, required: [v] }",
    "[{ v: 1, next: { v: 2 } }]",
    "[{ v: 1, next: {} }]",
  ],
  [
    "{ $id: 'https://a.test/root', $defs: { x: { $id: other, $defs: { t: { type: string } } } }, $ref: 'other#/$defs/t' }",
    "[a]",
    "[1]",
  ],
  ["{ $ref: '#/$defs/a', maximum: 2, $defs: { a: { minimum: 1 } } }", "[1, 2]", "[0, 3]"],
  [
    "{ $id: 'https://a.test/strict', $dynamicAnchor: node, $ref: tree, unevaluatedProperties: false, $defs: { tree: { $id: tree, $dynamicAnchor: node, type: object, properties: { data: true, children: { items: { $dynamicRef: '#node' } } } } } }",
    "[{ data: 1, children: [{ data: 2 }] }]",
    "[{ children: [{ daat: 1 }] }, { x: 1 }]",
  ],
  ["{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }", "[{ a: 1 }]", "[{ b: 1 }]"],
  [
    "{ anyOf: [{ properties: { a: { const: 1 } }, required: [a] }, { properties: { b: true }, required: [b] }], unevaluatedProperties: false }",
    "[{ a: 1 }, { b: 2 }, { a: 1, b: 2 }]",
    "[{ a: 2, b: 2 }, { b: 1, c: 1 }]",
  ],
  [
    "{ if: { properties: { a: { const: 1 } }, required: [a] }, then: { properties: { b: true } }, unevaluatedProperties: false }",
    "[{ a: 1, b: 2 }, {}]",
    "[{ a: 1, c: 2 }, { b: 1 }]",
  ],
  ["{ not: { not: { properties: { a: true } } }, unevaluatedProperties: false }", "[{}]", "[{ a: 1 }]"],
  ["{ prefixItems: [true], unevaluatedItems: { type: string } }", "[[1, a], [1]]", "[[1, 2]]"],
  ["{ contains: { type: string }, unevaluatedItems: false }", "[[a, b]]", "[[a, 1]]"],
  ["{ allOf: [{ items: true }], unevaluatedItems: false }", "[[1, 2]]", "[]"],
  [
    "{ properties: { a: { unevaluatedProperties: false, properties: { x: true } } } }",
    "[{ a: { x: 1 } }]",
    "[{ a: { y: 1 } }]",
  ],
];

describe("compileSchema()", () => {
  it.each(schemas)("%s", async (text, valid, invalid) => {
    const schema = parse(text) as boolean | object;
    const check = await compileSchema(schema as never);
    const ajv = new Ajv2020({ strict: false, logger: false });
    const reference = ajv.compile(schema);
    for (const [values, expected] of [
      [valid, true],
      [invalid, false],
    ] as const) {
      for (const value of parse(values) as unknown[]) {
        expect([value, check(value).length === 0]).toEqual([value, expected]);
        // Ajv takes 0.07 for no multiple of 0.01, looks through "not", and has other departures from the specification.
        if (!/multipleOf: 0.01|not: \{ not|__proto__|contains.*unevaluated/.test(text))
          expect([value, reference(value)]).toEqual([value, expected]);
      }
    }
  });

  it("tells every problem with its place and what was found", async () => {
    const check = await compileSchema({
      properties: { a: { type: "integer" }, "b/c": { items: { maximum: 2 } } },
      required: ["d", "e"],
    });
    expect(check({ a: "x", "b/c": [1, 3] })).toEqual([
      { pointer: "", message: 'must have "d" and "e"', found: { a: "x", "b/c": [1, 3] } },
      { pointer: "/a", message: "must be an integer", found: "x" },
      { pointer: "/b~1c/1", message: "must be at most 2", found: 3 },
    ]);
  });

  it("compares integers that a double cannot hold", async () => {
    const check = await compileSchema({ type: "integer", maximum: 9007199254740992, multipleOf: 3 });
    expect(check(9007199254740993n).map(({ message }) => message)).toEqual(["must be at most 9007199254740992"]);
    expect(check(9007199254740990n)).toEqual([]);
  });

  it.each([
    ["one that refers to itself at once", { $ref: "#" }, 1, "nests too deeply"],
    [
      "one that doubles with every level",
      {
        $ref: "#/$defs/a0",
        $defs: Object.fromEntries(
          Array.from({ length: 30 }, (_, level) => [
            `a${level}`,
            level === 29 ? {} : { allOf: [{ $ref: `#/$defs/a${level + 1}` }, { $ref: `#/$defs/a${level + 1}` }] },
          ]),
        ),
      },
      1,
      "takes too long",
    ],
    ["one that refers to what is not there", { $ref: "https://a.test/b" }, 1, "refers to"],
  ])("ends for %s", async (_, schema, value, says) => {
    const check = await compileSchema(schema);
    expect(() => check(value)).toThrow(says);
  });

  it("takes time in proportion to the text for any pattern", async () => {
    const check = await compileSchema({ pattern: "^(a+)+$" });
    expect(check(`${"a".repeat(5_000)}!`)).toHaveLength(1);
  });

  it.each([
    ["^(?=.*\\d).+$", "looks around"],
    ["(a)\\1", "refers back"],
    ["(", "is no regular expression"],
    ["^\\w+$", undefined],
  ])("patternProblem(%s)", (text, says) => {
    if (says === undefined) expect(patternProblem(text)).toBeUndefined();
    else expect(patternProblem(text)).toContain(says);
  });
});
