import type { RequestCase } from "./cases.ts";

const q = "inputParameters: [{ name: q, in: query }]";
const json = { "content-type": "application/json" };

const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;

/** A list that is nested deeper than the stack. */
const deep = Array.from({ length: 100_000 }).reduce<unknown>(inner => [inner], 1);

/** A megabyte that a thousand templates name. */
const repeated = [
  `{ name: t, in: environment }, { name: v, in: header, value: "${"v".repeat(1_000_000)}" }`,
  ...Array.from({ length: 1_000 }, (_, index) => `{ name: q${index}, in: query, value: "{{v}}" }`),
].join(", ");

/** Cases with values that no YAML file holds. */
export const programmedCases: readonly RequestCase[] = [
  {
    what: "an array repeats the name",
    operation: q,
    inputs: { q: ["a", "b c", 3, true, null, undefined] },
    gives: { url: "https://api.test/v1/x?q=a&q=b%20c&q=3&q=true" },
  },
  {
    what: "an object that holds itself is refused",
    operation: q,
    inputs: { q: cyclic },
    fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["levels deep"] },
  },
  {
    what: "the input body is the whole body",
    method: "POST",
    operation: "inputParameters: [{ name: body, in: body, type: object }]",
    inputs: { body: { name: "é", list: [1, null, { a: true }], none: undefined } },
    gives: { headers: json, body: '{"name":"é","list":[1,null,{"a":true}]}' },
  },
  ...[Number.NaN, Number.POSITIVE_INFINITY].flatMap((value): RequestCase[] => [
    {
      what: `${value} in a body is refused`,
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: { a: [null, value] } },
      fails: { code: "INPUT_INVALID", details: { input: "body" }, says: [`${value} at a.1`] },
    },
    {
      what: `${value} in a member of a body is refused`,
      method: "POST",
      operation: "inputParameters: [{ name: a, in: body, type: object }]",
      inputs: { a: { b: value } },
      fails: { code: "INPUT_INVALID", details: { input: "a" }, says: [`${value} at b`] },
    },
    {
      what: `${value} in a list is refused`,
      operation: q,
      inputs: { q: [value] },
      fails: { code: "INPUT_INVALID", details: { input: "q" }, says: [`${value}`] },
    },
  ]),
  {
    what: "a bigint keeps its digits in a body, a list and a text",
    method: "POST",
    operation:
      "inputParameters: [{ name: body, in: body, type: object }, { name: q, in: query, type: array }, { name: h, in: header, type: integer }]",
    inputs: { body: { id: 9007199254740993n }, q: [9007199254740993n], h: 9007199254740993n },
    gives: {
      url: "https://api.test/v1/x?q=9007199254740993",
      headers: { ...json, h: "9007199254740993" },
      body: '{"id":9007199254740993}',
    },
  },
  {
    what: "a body that holds itself",
    method: "POST",
    operation: "inputParameters: [{ name: body, in: body, type: object }]",
    inputs: { body: cyclic },
    fails: { code: "INPUT_INVALID", details: { input: "body" }, says: ["circular"] },
  },
  {
    what: "a body that nests deeper than the stack",
    method: "POST",
    operation: "inputParameters: [{ name: body, in: body, type: object }]",
    inputs: { body: deep },
    fails: {
      code: "INPUT_INVALID",
      details: { input: "body" },
      says: ["cannot be written as JSON: it nests too deeply"],
    },
  },
  {
    what: "a member of a body that nests deeper than the stack",
    method: "POST",
    operation: "inputParameters: [{ name: a, in: body, type: array }]",
    inputs: { a: deep },
    fails: { code: "REQUEST_INVALID", says: ["it nests too deeply"] },
  },
  {
    what: "a query that nests deeper than the stack",
    operation: "inputParameters: [{ name: q, in: query, type: array }]",
    inputs: { q: deep },
    fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["levels deep"] },
  },
  {
    what: "a text that a thousand parameters repeat",
    operation: `inputParameters: [${repeated}]`,
    fails: { code: "REQUEST_INVALID", says: ["its templates make more than 64 million characters"] },
  },
  {
    what: "a text that a body repeats",
    method: "POST",
    operation: `inputParameters: [{ name: v, in: query }]\nbody: '${JSON.stringify(Array.from({ length: 100 }, () => "a{{v}}"))}'`,
    inputs: { v: "v".repeat(1_000_000) },
    fails: { code: "REQUEST_INVALID", says: ["its templates make more than 64 million characters"] },
  },
  {
    what: "integers beyond a double's precision",
    method: "POST",
    operation: "inputParameters: [{ name: body, in: body, type: object }]",
    inputs: { body: { id: 12345678901234567890n, list: [-9007199254740993n, "1n"] } },
    gives: { headers: json, body: '{"id":12345678901234567890,"list":[-9007199254740993,"1n"]}' },
  },
  {
    what: "a whole body as a form",
    method: "POST",
    operation: `inputParameters:
- { name: Content-Type, in: header, value: application/x-www-form-urlencoded; charset=utf-8 }
- { name: body, in: body, type: object }`,
    inputs: { body: { a: "b&c", none: null, big: 12345678901234567890n } },
    gives: {
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: "a=b%26c&big=12345678901234567890",
    },
  },
  {
    what: "bytes where there is no body",
    operation: q,
    inputs: { q: new Blob(["x"]) },
    fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["a file, which only a body can hold"] },
  },
  {
    what: "a value that holds itself",
    method: "POST",
    operation: `body: '{ "a": {{a}} }'`,
    inputs: { a: cyclic },
    fails: { code: "REQUEST_INVALID", says: ["circular"] },
  },
  {
    what: "a value that nests deeper than the stack",
    method: "POST",
    operation: `body: '{ "a": {{a}} }'`,
    inputs: { a: deep },
    fails: { code: "REQUEST_INVALID", says: ["it nests too deeply"] },
  },
  {
    what: "a big integer",
    method: "POST",
    operation: `body: '{ "a": {{a}}, "b": "{{a}}" }'`,
    inputs: { a: 12345678901234567890n },
    gives: { headers: json, body: '{"a":12345678901234567890,"b":"12345678901234567890"}' },
  },
  {
    what: "inherited members are no inputs",
    operation: q,
    inputs: Object.create({ q: "inherited" }) as Record<string, unknown>,
  },
  {
    what: "XML refuses a body that holds itself",
    method: "POST",
    operation: `inputParameters:
- { name: Content-Type, in: header, value: application/xml }
- { name: body, in: body, type: object }`,
    inputs: { body: { a: cyclic } },
    fails: { code: "INPUT_INVALID", details: { input: "body" }, says: ["nested more than 100 levels deep"] },
  },
  ...[
    { type: "string", given: 5n, sent: "5" },
    { type: "number", given: 7n, sent: "7" },
    { type: "integer", given: 12345678901234567890n, sent: "12345678901234567890" },
  ].map(
    ({ type, given, sent }): RequestCase => ({
      what: `${type} takes the big integer ${given}`,
      operation: `inputParameters: [{ name: q, in: query, type: ${type} }]`,
      inputs: { q: given },
      gives: { url: `https://api.test/v1/x?q=${sent}` },
    }),
  ),
  ...["string", "any"].flatMap(type =>
    [Symbol("s"), () => "x"].map(
      (value): RequestCase => ({
        what: `${type} refuses ${String(value)}`,
        operation: `inputParameters: [{ name: q, in: query${type === "any" ? "" : `, type: ${type}`} }]`,
        inputs: { q: value },
        fails: { code: "INPUT_INVALID", details: { operation: "op", input: "q" } },
      }),
    ),
  ),
  {
    what: "undefined is absent",
    operation: "inputParameters: [{ name: q, in: query, type: integer }]",
    inputs: { q: undefined },
  },
];
