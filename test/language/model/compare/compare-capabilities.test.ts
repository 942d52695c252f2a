import { expect, it } from "vitest";
import { SecretMask } from "../../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../../src/engine/open.ts";
import { compareCapabilities } from "../../../../src/language/model/compare/compare-capabilities.ts";
import type { CapabilityModel } from "../../../../src/language/model/types.ts";

type Parts = Readonly<Record<string, unknown>>;

/** Compiles a capability with one adapter, whose parts are given. */
async function model({ operations, ...adapter }: Parts): Promise<CapabilityModel> {
  const document = {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys: { TOKEN: "TOKEN", OTHER: "OTHER" } }],
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "shop",
          baseUri: "https://shop.example",
          resources: [{ name: "orders", path: "/orders", operations }],
          ...adapter,
        },
      ],
    },
  };
  return (await openRuntime(document, { env: {} }, { cwd: "/", secrets: new SecretMask() })).model;
}

const LIST = { name: "list", method: "GET" };

async function changes(before: Parts, after: Parts): Promise<string[]> {
  const found = compareCapabilities(await model(before), await model(after));
  return found.map(
    ({ isBreaking, operation, message }) => `${isBreaking ? "!" : " "} ${operation ?? "(all)"}: ${message}`,
  );
}

/** Cases of one operation. */
it.each<{ of: string; before: Parts; after: Parts; found: string[] }>([
  { of: "nothing", before: {}, after: {}, found: [] },
  { of: "a description", before: { description: "a" }, after: { description: "b" }, found: [] },
  {
    of: "an input that is gone",
    before: { inputParameters: [{ name: "limit", in: "query" }] },
    after: {},
    found: ['! list: input "limit" is gone'],
  },
  {
    of: "a new input",
    before: {},
    after: { inputParameters: [{ name: "limit", in: "query" }] },
    found: ['  list: input "limit" is new'],
  },
  {
    of: "a new required input",
    before: {},
    after: { inputParameters: [{ name: "limit", in: "query", required: true }] },
    found: ['! list: input "limit" is new and required'],
  },
  {
    of: "a new required input with a default",
    before: {},
    after: { inputParameters: [{ name: "limit", in: "query", required: true, default: 5, type: "integer" }] },
    found: ['  list: input "limit" is new'],
  },
  {
    of: "an input that becomes required",
    before: { inputParameters: [{ name: "limit", in: "query" }] },
    after: { inputParameters: [{ name: "limit", in: "query", required: true }] },
    found: ['! list: input "limit" is required now'],
  },
  {
    of: "an input that becomes optional, elsewhere",
    before: { inputParameters: [{ name: "limit", in: "query", required: true }] },
    after: { inputParameters: [{ name: "limit", in: "header" }] },
    found: ['  list: input "limit" is optional now', '  list: input "limit" is in the header, and was in the query'],
  },
  {
    of: "a narrower type",
    before: { inputParameters: [{ name: "limit", in: "query", type: "number" }] },
    after: { inputParameters: [{ name: "limit", in: "query", type: "integer" }] },
    found: ['! list: input "limit" is integer, and was number'],
  },
  {
    of: "a wider type",
    before: { inputParameters: [{ name: "limit", in: "query", type: "integer" }] },
    after: { inputParameters: [{ name: "limit", in: "query", type: "number" }] },
    found: ['  list: input "limit" is number, and was integer'],
  },
  {
    of: "another default",
    before: { inputParameters: [{ name: "limit", in: "query", type: "integer", default: 5 }] },
    after: { inputParameters: [{ name: "limit", in: "query", type: "integer", default: 6 }] },
    found: ['! list: input "limit" has the default 6, and had 5'],
  },
  {
    of: "a new default",
    before: { inputParameters: [{ name: "limit", in: "query", type: "integer" }] },
    after: { inputParameters: [{ name: "limit", in: "query", type: "integer", default: 6 }] },
    found: ['  list: input "limit" has the default 6, and had none'],
  },
  {
    of: "values of an input",
    before: { inputParameters: [{ name: "sort", in: "query", type: "string", enum: ["a", "b"] }] },
    after: { inputParameters: [{ name: "sort", in: "query", type: "string", enum: ["b", "c"] }] },
    found: [
      '! list: input "sort" has "a" no more among its values',
      '  list: input "sort" has "c" among its values now',
    ],
  },
  {
    of: "bounds of an input",
    before: { inputParameters: [{ name: "n", in: "query", type: "integer", "x-schema": { minimum: 1, maximum: 9 } }] },
    after: { inputParameters: [{ name: "n", in: "query", type: "integer", "x-schema": { minimum: 2, maximum: 10 } }] },
    found: ['! list: input "n" has minimum 2, and had 1', '  list: input "n" has maximum 10, and had 9'],
  },
  {
    of: "members of a body",
    before: {
      inputParameters: [
        { name: "body", in: "body", type: "object", "x-schema": { properties: { a: { type: "string" }, b: {} } } },
      ],
    },
    after: {
      inputParameters: [
        {
          name: "body",
          in: "body",
          type: "object",
          "x-schema": { required: ["c"], properties: { a: { type: "integer" }, c: {}, d: {} } },
        },
      ],
    },
    found: [
      '! list: input "body": "a" is integer, and was string',
      '! list: input "body": "b" is gone',
      '! list: input "body": "c" is new and required',
      '  list: input "body": "d" is new',
    ],
  },
  {
    of: "members of an answer",
    before: {
      "x-schema": {
        type: "object",
        required: ["id", "name"],
        properties: { id: { type: "string" }, name: { type: "string" }, state: { enum: ["a"] }, old: {} },
      },
    },
    after: {
      "x-schema": {
        type: "object",
        required: ["id"],
        properties: {
          id: { type: ["string", "null"] },
          name: { type: "string" },
          state: { enum: ["a", "b"] },
          new: {},
        },
      },
    },
    found: [
      '! list: the answer: "id" is string or null, and was string',
      '! list: the answer: "name" is optional now',
      '! list: the answer: "old" is gone',
      '  list: the answer: "state" has "b" among its values now',
      '  list: the answer: "new" is new',
    ],
  },
  {
    of: "a recursive answer",
    before: {
      "x-schema": { $defs: { T: { type: "object", properties: { t: { $ref: "#/$defs/T" } } } }, $ref: "#/$defs/T" },
    },
    after: {
      "x-schema": {
        $defs: { T: { type: "object", properties: { t: { $ref: "#/$defs/T" }, u: {} } } },
        $ref: "#/$defs/T",
      },
    },
    found: ['  list: the answer: "u" is new'],
  },
  {
    of: "a schema whose name is escaped in references",
    before: {
      "x-schema": {
        $defs: { "Page«Pet»/1": { properties: { a: {}, b: {} } } },
        $ref: "#/$defs/Page%C2%ABPet%C2%BB~11",
      },
    },
    after: {
      "x-schema": { $defs: { "Page«Pet»/1": { properties: { a: {} } } }, $ref: "#/$defs/Page%C2%ABPet%C2%BB~11" },
    },
    found: ['! list: the answer: "b" is gone'],
  },
  {
    of: "outputs",
    before: {
      outputParameters: [
        { name: "a", type: "string", value: "$.a" },
        { name: "b", type: "string", value: "$.b" },
      ],
    },
    after: {
      outputParameters: [
        { name: "b", type: "number", value: "$.b" },
        { name: "c", type: "string", value: "$.c" },
      ],
    },
    found: ['! list: output "a" is gone', '! list: output "b" is number, and was string', '  list: output "c" is new'],
  },
  {
    of: "values beside other keywords",
    before: { inputParameters: [{ name: "a", in: "query", type: "string", "x-schema": { maxLength: 9 } }] },
    after: { inputParameters: [{ name: "a", in: "query", type: "string", "x-schema": { maxLength: 9 }, enum: ["x"] }] },
    found: ['! list: input "a" has a fixed list of values now: "x"'],
  },
  {
    of: "values that are gone beside other keywords",
    before: { inputParameters: [{ name: "a", in: "query", "x-schema": { maxLength: 9 }, enum: ["x", "y"] }] },
    after: { inputParameters: [{ name: "a", in: "query", "x-schema": { maxLength: 5 }, enum: ["x"] }] },
    found: ['! list: input "a" has "y" no more among its values', '! list: input "a" has maxLength 5, and had 9'],
  },
  {
    of: "other members of an object",
    before: { inputParameters: [{ name: "a", in: "body", "x-schema": { type: "object" } }] },
    after: {
      inputParameters: [{ name: "a", in: "body", "x-schema": { type: "object", additionalProperties: false } }],
    },
    found: ['! list: input "a" has no other members any more'],
  },
  {
    of: "the type of other members",
    before: { "x-schema": { type: "object", additionalProperties: { type: "string" } } },
    after: { "x-schema": { type: "object", additionalProperties: { type: "integer" } } },
    found: ["! list: each other member of the answer is integer, and was string"],
  },
  {
    of: "items that were of any type",
    before: { inputParameters: [{ name: "a", in: "body", "x-schema": { type: "array" } }] },
    after: { inputParameters: [{ name: "a", in: "body", "x-schema": { type: "array", items: { type: "string" } } }] },
    found: ['! list: input "a"[] is string, and was of any type'],
  },
  {
    of: "a schema that must fit too",
    before: { inputParameters: [{ name: "a", in: "body", "x-schema": { minLength: 1 } }] },
    after: { inputParameters: [{ name: "a", in: "body", "x-schema": { minLength: 1, allOf: [{ minLength: 2 }] } }] },
    found: ['! list: input "a" has 1 schema in allOf, and had 0'],
  },
  {
    of: "choices where anything was allowed",
    before: { inputParameters: [{ name: "a", in: "body", "x-schema": {} }] },
    after: {
      inputParameters: [{ name: "a", in: "body", "x-schema": { anyOf: [{ minLength: 2 }, { type: "null" }] } }],
    },
    found: ['! list: input "a" has 2 schemas in anyOf, and had 0'],
  },
  {
    of: "a member that moves into a part, of schemas that hold themselves",
    before: {
      "x-schema": {
        $defs: { N: { properties: { n: { $ref: "#/$defs/N" }, a: { type: "string" } } } },
        $ref: "#/$defs/N",
      },
    },
    after: {
      "x-schema": {
        $defs: {
          N: { allOf: [{ $ref: "#/$defs/A" }], properties: { n: { $ref: "#/$defs/N" } } },
          A: { properties: { a: { type: "string" } } },
        },
        $ref: "#/$defs/N",
      },
    },
    found: [],
  },
  {
    of: "an answer of which nothing is told any more",
    before: { "x-schema": { type: "array" } },
    after: {},
    found: ["! list: the answer has no schema any more"],
  },
  {
    of: "an answer that is told now",
    before: {},
    after: { "x-schema": { type: "array" } },
    found: ["  list: the answer has a schema now"],
  },
  {
    of: "the format of the answer",
    before: {},
    after: { outputRawFormat: "xml" },
    found: ["! list: the answer is read as xml, and was read as json"],
  },
])("tells $of", async ({ before, after, found }) => {
  expect(await changes({ operations: [{ ...LIST, ...before }] }, { operations: [{ ...LIST, ...after }] })).toEqual(
    found,
  );
});

it("tells operations that are gone, renamed and new", async () => {
  const operations = [LIST, { name: "add", method: "POST" }, { name: "drop", method: "DELETE" }];
  const now = [LIST, { name: "create", method: "POST" }, { name: "edit", method: "PATCH" }];
  expect(await changes({ operations }, { operations: now })).toEqual([
    '! add: the operation is gone: POST /orders is called "create" now',
    "! drop: the operation is gone",
    "  edit: the operation is new: PATCH /orders",
  ]);
});

it("tells the base URI, the namespace and the authentication, and no secret", async () => {
  const authentication = { type: "bearer", token: "{{TOKEN}}" };
  const before = { operations: [LIST], authentication };
  const after = {
    operations: [LIST],
    namespace: "store",
    baseUri: "https://store.example",
    authentication: { type: "apikey", key: "X-Key", value: "literal-secret", placement: "header" },
  };
  expect(await changes(before, after)).toEqual([
    '! (all): the namespace is "store", and was "shop"',
    '! (all): the base URI is "https://store.example", and was "https://shop.example"',
    '! (all): the authentication is apikey "X-Key" in the header (value …), and was bearer (token TOKEN)',
  ]);
});
