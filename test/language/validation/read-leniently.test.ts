import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../../src/engine/kinds.ts";
import { validate } from "../../../src/language/validation/validate.ts";

const operation = "/capability/consumes/0/resources/0/operations/0";

/**
 * Value in place of a part of this document, and the value that is read instead; `undefined` if the member is left out.
 */
interface Reading {
  readonly what: string;
  readonly pointer: string;
  readonly written?: unknown;
  readonly read?: unknown;
}

function document(): object {
  return parse(`
naftiko: 1.0.0-alpha2
info: { label: Shop, description: A shop, tags: [shop], created: "2026-01-05" }
binds: [{ namespace: env, keys: { TOKEN: TOKEN } }]
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: https://api.test
    authentication: { type: bearer, token: "{{TOKEN}}" }
    inputParameters: []
    resources:
    - name: items
      path: /items/{id}
      operations:
      - name: list
        method: GET
        description: Lists
        inputParameters: [{ name: id, in: path, type: string, required: true }]
        outputParameters: [{ name: result, type: object, value: $. }]
  exposes: [{ type: mcp, namespace: tools, port: 9090, tools: [{ name: list, call: shop.list }] }]
`) as object;
}

const readings: readonly Reading[] = [
  { what: "nothing for a description", pointer: `${operation}/description`, written: null },
  { what: "nothing for info", pointer: "/info", written: null },
  { what: "nothing for a list of parameters", pointer: `${operation}/inputParameters`, written: null },
  { what: "nothing for a type", pointer: `${operation}/inputParameters/0/type`, written: null },
  { what: "nothing for required", pointer: `${operation}/inputParameters/0/required`, written: null },
  { what: "nothing for authentication", pointer: "/capability/consumes/0/authentication", written: null },
  {
    what: "nothing for operations",
    pointer: "/capability/consumes/0/resources/0/operations",
    written: null,
    read: [],
  },
  { what: "nothing for the keys of a bind", pointer: "/binds/0/keys", written: null, read: {} },
  { what: "nothing for the base URI", pointer: "/capability/consumes/0/baseUri", written: null, read: "" },
  { what: "nothing among tags", pointer: "/info/tags", written: [null, "a", null], read: ["a"] },
  { what: "numbers among tags", pointer: "/info/tags", written: [2026, true], read: ["2026", "true"] },
  { what: "a number for a name", pointer: `${operation}/name`, written: 404, read: "404" },
  {
    what: "a truth value for a parameter's name",
    pointer: `${operation}/inputParameters/0/name`,
    written: true,
    read: "true",
  },
  { what: "a number for a path", pointer: "/capability/consumes/0/resources/0/path", written: 7, read: "7" },
  { what: "a method in lower case", pointer: `${operation}/method`, written: "get", read: "GET" },
  {
    what: "a location in upper case",
    pointer: `${operation}/inputParameters/0/in`,
    written: "Path",
    read: "path",
  },
  {
    what: "a text for a truth value",
    pointer: `${operation}/inputParameters/0/required`,
    written: "yes",
    read: true,
  },
  { what: "a text for a port", pointer: "/capability/exposes/0/port", written: "8080", read: 8080 },
  {
    what: "a type the language does not have",
    pointer: `${operation}/inputParameters/0/type`,
    written: "file",
  },
  {
    what: "a choice of types",
    pointer: `${operation}/inputParameters/0/type`,
    written: ["null", "integer"],
    read: "integer",
  },
  { what: "an adapter without a type", pointer: "/capability/consumes/0/type", read: "http" },
  { what: "an adapter without a base URI", pointer: "/capability/consumes/0/baseUri", read: "" },
  {
    what: "a resource without a name",
    pointer: "/capability/consumes/0/resources/0/name",
    read: "/items/{id}",
  },
  {
    what: "a resource with an empty name",
    pointer: "/capability/consumes/0/resources/0/name",
    written: "",
    read: "/items/{id}",
  },
  {
    what: "a resource without operations",
    pointer: "/capability/consumes/0/resources/0/operations",
    read: [],
  },
  { what: "an operation without a name", pointer: `${operation}/name`, read: "GET /items/{id}" },
  { what: "an operation without a method", pointer: `${operation}/method`, read: "GET" },
  {
    what: "a parameter without a location that the path has",
    pointer: `${operation}/inputParameters/0/in`,
    read: "path",
  },
  {
    what: "a parameter without a location that the path does not have",
    pointer: `${operation}/inputParameters/0`,
    written: { name: "q" },
    read: { name: "q", in: "query" },
  },
  { what: "an output without a path", pointer: `${operation}/outputParameters/0/value`, read: "$" },
  { what: "an output without a name", pointer: `${operation}/outputParameters/0/name`, read: "value" },
  {
    what: "another name for a kind of body",
    pointer: `${operation}/body`,
    written: { type: "form", data: { a: "1" } },
    read: { type: "formUrlEncoded", data: { a: "1" } },
  },
  {
    what: "the parts of a multipart form by name",
    pointer: `${operation}/body`,
    written: { type: "multipart", data: { file: "{{tools.file}}", n: 1 } },
    read: {
      type: "multipartForm",
      data: [
        { name: "file", value: "{{tools.file}}" },
        { name: "n", value: 1 },
      ],
    },
  },
  {
    what: "a body that is its data",
    pointer: `${operation}/body`,
    written: { id: "{{tools.id}}", n: 1 },
    read: { type: "json", data: { id: "{{tools.id}}", n: 1 } },
  },
  {
    what: "a body that is a list",
    pointer: `${operation}/body`,
    written: ["{{tools.id}}", { type: "a" }],
    read: { type: "json", data: ["{{tools.id}}", { type: "a" }] },
  },
  {
    what: "a body without a type",
    pointer: `${operation}/body`,
    written: { data: { a: 1 } },
    read: { type: "json", data: { a: 1 } },
  },
  { what: "a bind without a namespace", pointer: "/binds/0/namespace", read: "env" },
];

describe("a document that departs from the schema", () => {
  it.each(readings)("is read where it has $what", async ({ pointer, written, read }) => {
    const given = document();
    put(given, pointer, written);
    const before = JSON.stringify(given);

    const result = await validate({ value: given }, kinds);

    expect(JSON.stringify(given)).toBe(before);
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    const wanted = document();
    put(wanted, pointer, read);
    expect(result.document).toEqual(wanted);
    const findings = result.diagnostics.filter(({ rule }) => rule === "lenient-reading");
    expect(findings.length).toBeGreaterThan(0);
    for (const { severity, pointer: at } of findings) {
      // A type that the language does not have is ignored, and no credential is sent; all else is read as it is meant.
      const isIgnored = written === "file" || pointer.endsWith("/authentication");
      expect(severity).toBe(isIgnored ? "warning" : "departure");
      expect(pointer.startsWith(at) || at.startsWith(pointer)).toBe(true);
    }
  });

  it.each([
    {
      what: "an authentication kind",
      pointer: "/capability/consumes/0/authentication/type",
      written: "aws-sig-v4",
    },
    { what: "a body kind", pointer: `${operation}/body`, written: { type: "yaml", data: "a: 1" } },
  ])("is opened with $what that only calls fail with", async ({ pointer, written }) => {
    const given = document();
    put(given, pointer, written);
    const result = await validate({ value: given }, kinds);
    expect(result).toMatchObject({
      ok: true,
      diagnostics: [{ severity: "warning", message: expect.stringContaining("calls that need it will fail") }],
    });
  });

  it.each([
    {
      what: "a skill with groups",
      exposes: [{ type: "skill", namespace: "skills", groups: [{ name: "g", skills: [{ name: "s" }] }] }],
      says: ['"port" is missing', '"skills" is missing'],
    },
    {
      what: "a step without a type",
      exposes: [
        {
          type: "rest",
          namespace: "rest",
          port: 8080,
          resources: [
            { path: "/a", operations: [{ method: "GET", steps: [{ name: "s", call: "shop.list", with: { A: 1 } }] }] },
          ],
        },
      ],
      says: ['"type" is missing'],
    },
    {
      what: "a step of an unknown type",
      exposes: [
        { type: "mcp", namespace: "m", tools: [{ name: "t", description: "", steps: [{ type: "wait", name: "s" }] }] },
      ],
      says: ['found "wait"'],
    },
    { what: "no type", exposes: [{ namespace: "a" }], says: ['"type" is missing'] },
    { what: "no port", exposes: [{ type: "rest", namespace: "a", resources: [] }], says: ['"port" is missing'] },
    { what: "an impossible port", exposes: [{ type: "control", port: 70_000 }], says: ["The value must be <= 65535"] },
    { what: "texts for adapters", exposes: ["rest", { type: "other" }, 5], says: ["Expected", "Expected"] },
    { what: "a map for all", exposes: { rest: { type: "rest" } }, says: ["Expected array, found a map"] },
    { what: "aggregates of another form", aggregates: [{ functions: {} }, "text"], says: [] },
    {
      what: "more mistakes than are listed",
      exposes: [{ type: "mcp", namespace: "m", tools: Array.from({ length: 2_000 }, () => ({ steps: 1, ref: [] })) }],
      says: [],
    },
  ])("is opened where its exposed side has $what", async ({ exposes, aggregates, says }) => {
    const given = document();
    if (exposes !== undefined) put(given, "/capability/exposes", exposes);
    put(given, "/capability/aggregates", aggregates);
    put(given, `${operation}/method`, "get");
    const before = JSON.stringify(given);

    const result = await validate({ value: given }, kinds);

    expect(JSON.stringify(given)).toBe(before);
    expect(result).toMatchObject({ ok: true });
    const warnings = result.diagnostics.filter(
      ({ rule, severity }) => rule === "lenient-reading" && severity === "warning",
    );
    expect(warnings.length).toBeGreaterThan(0);
    for (const text of says) expect(warnings.map(({ message }) => message).join("\n")).toContain(text);
    for (const { pointer, message } of warnings) {
      expect(pointer).toMatch(/^\/capability\/(?:exposes|aggregates)/);
      expect(message).toContain("this cannot be served, and calls of consumed operations do not need it");
    }
    if (result.ok && Array.isArray(exposes)) expect(result.document.capability?.exposes).toEqual(exposes);
  });

  it("is refused where its exposed side alone is wrong, and nothing is consumed", async () => {
    const given = { naftiko: "1.0.0-alpha3", capability: { exposes: [{ type: "skill", groups: [] }] } };
    expect(await validate({ value: given }, kinds)).toMatchObject({ ok: false });
  });

  it("is refused for its consumed side, whatever its exposed side has", async () => {
    const given = document();
    put(given, "/capability/exposes", Array(2_000).fill({ namespace: "a" }));
    put(given, `${operation}/method`, "FETCH");
    const { ok, diagnostics } = await validate({ value: given }, kinds);
    expect({ ok, errors: diagnostics.map(({ pointer }) => pointer) }).toEqual({
      ok: false,
      errors: [`${operation}/method`],
    });
  });

  it.each([
    { what: "a list for the base URI", pointer: "/capability/consumes/0/baseUri", written: [] },
    { what: "an unknown method", pointer: `${operation}/method`, written: "FETCH" },
    { what: "an unknown location", pointer: `${operation}/inputParameters/0/in`, written: "matrix" },
    { what: "an unknown kind of adapter", pointer: "/capability/consumes/0/type", written: "workers-kv" },
    {
      what: "a parameter without a name",
      pointer: `${operation}/inputParameters/0`,
      written: { in: "query" },
    },
    { what: "an adapter without a namespace", pointer: "/capability/consumes/0/namespace" },
    { what: "a resource without a path", pointer: "/capability/consumes/0/resources/0/path" },
    { what: "no version", pointer: "/naftiko", written: null },
  ])("is refused where it has $what, and only for that", async ({ pointer, written }) => {
    const given = document();
    put(given, pointer, written);
    put(given, "/info/description", null);
    const { ok, diagnostics } = await validate({ value: given }, kinds);
    expect(ok).toBe(false);
    expect(diagnostics).toHaveLength(1);
  });

  it("is read however often it departs", async () => {
    const given = document();
    const many = Array.from({ length: 2_000 }, (_, index) => ({ name: index, in: "QUERY", type: null }));
    put(given, `${operation}/inputParameters`, many);
    const result = await validate({ value: given }, kinds);
    expect(result.ok).toBe(true);
    expect(result.diagnostics).toHaveLength(3 * many.length);
  });

  it("keeps members that are named like the parts of an object", async () => {
    const given = document();
    const body = JSON.parse('{ "__proto__": 1, "constructor": 2 }') as object;
    put(given, `${operation}/body`, { type: "json", data: body });
    put(given, "/info", null);
    const result = await validate({ value: given }, kinds);
    expect(JSON.stringify(result)).toContain(JSON.stringify(body));
  });
});

/** Puts a value in the place of a member, or leaves the member out. */
function put(given: object, pointer: string, value: unknown): void {
  const segments = pointer.slice(1).split("/");
  const name = segments.pop() ?? "";
  let owner = given as Record<string, unknown>;
  for (const segment of segments) owner = owner[segment] as Record<string, unknown>;
  if (value === undefined) delete owner[name];
  else owner[name] = value;
}
