import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Diagnostic } from "../../../src/base/capability-error.ts";
import type { Remedy } from "../../../src/base/remedy.ts";
import { kinds } from "../../../src/engine/kinds.ts";
import { resolveDocument } from "../../../src/language/document/resolve-document.ts";
import { rules } from "../../../src/language/validation/rules.ts";
import { requireValid, validate } from "../../../src/language/validation/validate.ts";

/** Returns a capability with one operation, with lines of YAML put into its parts. */
function capability({
  root = "",
  adapter = "",
  operation = "",
  path = "/items",
  baseUri = "https://api.test",
  after = "",
}): unknown {
  return parse(`
naftiko: 1.0.0-alpha2
${root}
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: ${JSON.stringify(baseUri)}
    ${adapter}
    resources:
    - name: items
      path: ${JSON.stringify(path)}
      operations:
      - name: list
        method: GET
        ${operation}
    ${after}
`);
}

const at = {
  adapter: "/capability/consumes/0",
  operation: "/capability/consumes/0/resources/0/operations/0",
};

const secrets = "binds: [{ namespace: env, keys: { TOKEN: TOKEN } }]";

interface Case {
  readonly rule: string;
  readonly severity: Diagnostic["severity"];
  readonly pointer: string;
  readonly document: unknown;
  readonly says: string;
  readonly remedy?: Remedy;
}

const found: readonly Case[] = [
  {
    rule: "version",
    severity: "departure",
    pointer: "/naftiko",
    document: { ...(capability({}) as object), naftiko: "2.0" },
    says: '"2.0"',
  },
  {
    rule: "namespace-unique",
    severity: "error",
    pointer: "/capability/consumes/0/namespace",
    document: capability({ root: "consumes: [{ type: http, namespace: shop, baseUri: 'https://b.test' }]" }),
    says: '"shop"',
  },
  {
    rule: "base-uri",
    severity: "warning",
    pointer: `${at.adapter}/baseUri`,
    document: capability({ baseUri: "" }),
    says: "empty",
    remedy: { option: "baseUri", namespace: "shop" },
  },
  {
    rule: "base-uri",
    severity: "warning",
    pointer: `${at.adapter}/baseUri`,
    document: capability({ baseUri: "/v1" }),
    says: "absolute",
    remedy: { option: "baseUri", namespace: "shop" },
  },
  {
    rule: "base-uri",
    severity: "warning",
    pointer: `${at.adapter}/baseUri`,
    document: capability({ baseUri: "ftp://a.test" }),
    says: '"ftp"',
    remedy: { option: "baseUri", namespace: "shop" },
  },
  {
    rule: "base-uri",
    severity: "warning",
    pointer: at.adapter,
    document: capability({ baseUri: "https://u:p@a.test" }),
    says: 'The base URI "https://***@a.test" holds a user name or password',
    remedy: { option: "baseUri", namespace: "shop" },
  },
  {
    rule: "base-uri",
    severity: "warning",
    pointer: `${at.adapter}/tunnel`,
    document: capability({ adapter: "tunnel: { type: ziti, service: shop, identity: me, fallback: direct }" }),
    says: '"shop" is reached by a tunnel',
    remedy: { option: "baseUri", namespace: "shop" },
  },
  {
    rule: "authentication-usable",
    severity: "error",
    pointer: `${at.adapter}/authentication/type`,
    document: capability({
      adapter: "authentication: { type: oauth2, authorizationServerUri: https://id.test, resource: https://a.test }",
    }),
    says: '"oauth2" without "clientId"',
  },
  {
    rule: "authentication-usable",
    severity: "warning",
    pointer: `${at.adapter}/authentication`,
    document: capability({ adapter: "authentication: { type: oauth2, clientId: c }" }),
    says: '"tokenEndpoint" is missing',
  },
  {
    rule: "authentication-usable",
    severity: "warning",
    pointer: `${at.adapter}/authentication`,
    document: capability({
      adapter: "authentication: { type: aws-sigv4, accessKeyId: a, region: r, service: s }",
    }),
    says: '"secretAccessKey" is missing',
  },
  {
    rule: "authentication-usable",
    severity: "warning",
    pointer: `${at.adapter}/authentication`,
    document: capability({
      baseUri: "http://api.test",
      adapter: "authentication: { type: bearer, token: x }",
    }),
    says: "plain http",
    remedy: { option: "allowInsecureAuthentication", value: true },
  },
  ...[
    "{ name: x, in: header, value: '{{TOKEN}}' }",
    "{ name: x, in: query, value: TOKEN }",
    "{ name: x, in: cookie, template: 'a{{env.TOKEN}}' }",
  ].map(parameter => ({
    rule: "variable-exposed",
    severity: "warning" as const,
    pointer: `${at.adapter}/baseUri`,
    document: capability({
      root: secrets,
      baseUri: "http://{{host}}.api.test",
      operation: `inputParameters: [${parameter}]`,
    }),
    says: "TOKEN would go over plain http",
    remedy: { option: "allowInsecureAuthentication", value: true } as const,
  })),
  {
    rule: "template-syntax",
    severity: "error",
    pointer: `${at.adapter}/authentication/scopes/1`,
    document: capability({
      adapter: 'authentication: { type: oauth2, clientId: c, tokenEndpoint: https://id.test, scopes: [a, "{{#b}}"] }',
    }),
    says: "{{#b}}",
  },
  {
    rule: "authentication-usable",
    severity: "warning",
    pointer: `${at.adapter}/authentication`,
    document: capability({ adapter: "authentication: { type: bearer }" }),
    says: '"token"',
  },
  ...["Authorization", "Cookie", "Proxy-Authorization", "Mcp-Session-Id", "Host", "Content-Length", "no name"].map(
    (header): Case => ({
      rule: "caller-field",
      severity: "error",
      pointer: "/binds/0/keys/CRM_KEY",
      document: capability({ root: `binds: [{ namespace: c, location: "request:", keys: { CRM_KEY: ${header} } }]` }),
      says: `header "${header}" is`,
    }),
  ),
  {
    rule: "caller-field",
    severity: "error",
    pointer: "/binds/0/location",
    document: capability({ root: 'binds: [{ namespace: c, location: "request://x", keys: { CRM_KEY: x-crm-key } }]' }),
    says: "request:",
  },
  {
    rule: "caller-field",
    severity: "error",
    pointer: "/binds/0/keys/CRM_KEY",
    document: capability({
      root: 'binds: [{ namespace: c, location: "request:", keys: { CRM_KEY: x-server-key } }]',
      after: `
  exposes:
  - { type: rest, namespace: s, port: 8080, authentication: { type: apikey, key: X-Server-Key, value: v }, resources: [ { path: /a, operations: [ { method: GET, name: a } ] } ] }`,
    }),
    says: "is the key that callers present to the server",
  },
  {
    rule: "caller-field",
    severity: "error",
    pointer: "/binds/0/keys/CRM_KEY",
    document: capability({
      root: `binds: [{ namespace: c, location: "request:", keys: { CRM_KEY: x-server-key } }]
exposes: [{ type: rest, namespace: s, port: 8080, authentication: { type: apikey, key: X-Server-Key, value: v }, resources: [{ path: /a, operations: [{ method: GET, name: a }] }] }]`,
    }),
    says: "is the key that callers present to the server",
  },
  {
    rule: "environment-parameter",
    severity: "warning",
    pointer: `${at.adapter}/inputParameters/1/name`,
    document: capability({
      root: secrets,
      adapter: "inputParameters: [{ name: TOKEN, in: environment }, { name: HOME, in: environment }]",
    }),
    says: "No bind declares HOME",
  },
  {
    rule: "template-syntax",
    severity: "error",
    pointer: `${at.operation}/body`,
    document: capability({ operation: "body: '{{#each}}'" }),
    says: "{{#each}}",
  },
  {
    rule: "template-syntax",
    severity: "error",
    pointer: `${at.operation}/inputParameters/0/value`,
    document: capability({ operation: "inputParameters: [{ name: q, in: query, value: '{{{x}}}' }]" }),
    says: "variable",
  },
  ...[
    ["/items/{{id}", '"{"'],
    ["/items/{id}}", '"}"'],
    ["/items/{id", '"{"'],
  ].map(([path = "", says = ""]) => ({
    rule: "template-syntax",
    severity: "warning" as const,
    pointer: `${at.adapter}/resources/0/path`,
    document: capability({ path }),
    says,
  })),
  {
    rule: "operation-unique",
    severity: "warning",
    pointer: "/capability/consumes/0/resources/1/operations/0/name",
    document: capability({
      after: "- { name: other, path: /other, operations: [{ name: list, method: POST }] }",
    }),
    says: 'Operation "list" of "shop" is declared twice, first for GET /items',
  },
  ...["a: {{TOKEN}}", "a: [{{ env.TOKEN }}]", "a: { b: {{TOKEN}} }"].map((data, index) => ({
    rule: "unquoted-braces",
    severity: "error" as const,
    pointer: `${at.operation}/body/data/a${["", "/0", "/b"][index]}`,
    document: capability({ root: secrets, operation: `body: { type: json, data: { ${data} } }` }),
    says: "a text with braces needs quotes",
  })),
  {
    rule: "path-parameter",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/name`,
    document: capability({ operation: "inputParameters: [{ name: id, in: path }]" }),
    says: '"id"',
  },
  ...(
    [
      ["default: d, enum: [a, b]", "default", 'must be one of "a" or "b"'],
      ["type: integer, default: many", "default", "must be an integer"],
      ["default: 5, x-schema: { maximum: 3 }", "default", "must be at most 3"],
      ["minimum: few", "minimum", 'must be a number, found "few"'],
      ["enum: a", "enum", "must be a list of values"],
      ["pattern: '(?=a)b'", "", "looks around"],
      ["pattern: '('", "", "is no regular expression"],
      ["x-schema: text", "x-schema", "is no JSON Schema"],
      ["x-schema: { $ref: '#/$defs/no' }", "x-schema", "refers to"],
      ["x-schema: { items: { type: strng } }", "x-schema", '"strng"'],
    ] as const
  ).map(([keys, member, says]) => ({
    rule: "input-schema",
    severity: "warning" as const,
    pointer: `${at.operation}/inputParameters/0${member === "" ? "" : `/${member}`}`,
    document: capability({ operation: `inputParameters: [{ name: q, in: query, ${keys} }]` }),
    says,
  })),
  ...(
    [
      ["x-schemas: [Order]", "x-schemas", "no map"],
      ["x-schemas: { Order: { type: object }, a/b: text }", "x-schemas/a~1b", '"a/b" of x-schemas is no JSON Schema'],
    ] as const
  ).map(([adapter, member, says]) => ({
    rule: "input-schema",
    severity: "warning" as const,
    pointer: `${at.adapter}/${member}`,
    document: capability({ adapter }),
    says,
  })),
  {
    rule: "input-schema",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/x-schema`,
    document: capability({
      adapter: "x-schemas: { Sort: { enum: [up, down] } }",
      operation:
        "inputParameters: [{ name: q, in: query, x-schema: { anyOf: [{ $ref: '#/$defs/Sort' }, { $ref: '#/$defs/Sor' }] } }]",
    }),
    says: '"#/$defs/Sor"',
  },
  {
    rule: "input-schema",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/default`,
    document: capability({
      adapter: "x-schemas: { Sort: { enum: [up, down] } }",
      operation: "inputParameters: [{ name: q, in: query, default: left, x-schema: { $ref: '#/$defs/Sort' } }]",
    }),
    says: "must be one of",
  },
  {
    rule: "parameter-style",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/x-style`,
    document: capability({ operation: "inputParameters: [{ name: id, in: query, x-style: pipeDelimted }]" }),
    says: 'did you mean "pipeDelimited"',
  },
  {
    rule: "parameter-style",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/x-explode`,
    document: capability({
      operation: "inputParameters: [{ name: id, in: query, x-style: spaceDelimited, x-explode: true }]",
    }),
    says: "x-explode",
  },
  {
    rule: "transport-header",
    severity: "warning",
    pointer: `${at.operation}/inputParameters/0/name`,
    document: capability({ operation: "inputParameters: [{ name: Host, in: header }]" }),
    says: '"Host"',
  },
  {
    rule: "raw-format",
    severity: "error",
    pointer: `${at.operation}/outputRawFormat`,
    document: capability({ operation: "outputRawFormat: jsn" }),
    says: 'did you mean "json"?',
  },
  {
    rule: "output-schema",
    severity: "warning",
    pointer: `${at.operation}/outputRawFormat`,
    document: capability({ operation: "outputRawFormat: Avro" }),
    says: "needs an outputSchema",
  },
  {
    rule: "output-schema",
    severity: "warning",
    pointer: `${at.operation}/outputRawFormat`,
    document: capability({ operation: 'outputRawFormat: protobuf\noutputSchema: " "' }),
    says: "needs an outputSchema",
  },
  {
    rule: "output-schema",
    severity: "warning",
    pointer: `${at.operation}/outputSchema`,
    document: capability({ operation: "outputSchema: table" }),
    says: "The format json has no use for an outputSchema",
  },
  {
    rule: "json-path-syntax",
    severity: "error",
    pointer: `${at.operation}/outputParameters/0/value`,
    document: capability({ operation: "outputParameters: [{ name: r, type: object, value: '$.a[' }]" }),
    says: '"$.a["',
  },
];

const clean: readonly { readonly what: string; readonly document: unknown }[] = [
  { what: "a plain capability", document: capability({}) },
  { what: "a version given as a number", document: { ...(capability({}) as object), naftiko: 0.5 } },
  {
    what: "placeholders of every kind",
    document: capability({
      root: secrets,
      path: "/a/{b}/{{c}}",
      baseUri: "https://{region}.api.test",
      adapter: "authentication: { type: bearer, token: '{{TOKEN}}' }",
    }),
  },
  { what: "formats in upper case", document: capability({ operation: "outputRawFormat: JSON" }) },
  { what: "unknown keys", document: capability({ operation: "x-note: y" }) },
];

async function findings(document: unknown): Promise<readonly Diagnostic[]> {
  return (await validate({ value: document }, kinds)).diagnostics;
}

describe("semantic rules", () => {
  it.each(found)("$rule reports $says at $pointer", async found => {
    const { document, says, ...finding } = found;
    const diagnostics = await findings(document);
    expect(diagnostics).toEqual([{ ...finding, message: expect.stringContaining(says) }]);
  });

  it.each(clean)("find nothing in $what", async ({ document }) => {
    expect(await findings(document)).toEqual([]);
  });

  it("have a case each", () => {
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ name }) => name)));
  });
});

describe("validate()", () => {
  const cycle: Record<string, unknown> = { naftiko: "1.0.0-alpha2" };
  cycle["self"] = cycle;
  cycle["again"] = cycle;

  it.each([
    { what: "nothing", value: null, says: "empty" },
    { what: "a list", value: [1], says: "a list" },
    { what: "a text", value: "x", says: "a string" },
    { what: "another map", value: { openapi: "3.1.0", info: {} }, says: "found openapi, info" },
    { what: "the newer dialect", value: { ikanos: "1.0.0-beta5" }, says: "ikanos" },
    { what: "a value that holds itself", value: cycle, says: "holds itself" },
  ])("refuses $what", async ({ value, says }) => {
    const result = await validate({ value }, kinds);
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ severity: "error", message: expect.stringContaining(says) }],
    });
  });

  it("lists at most 50 errors and counts the rest", async () => {
    const parameters = Array.from({ length: 70 }, () => ({ in: "query" }));
    const document = capability({}) as { capability: { consumes: { inputParameters: unknown }[] } };
    (document.capability.consumes[0] as { inputParameters: unknown }).inputParameters = parameters;
    await expect(requireValid(await resolveDocument({ name: "test", value: document }), kinds)).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      details: { diagnostics: expect.objectContaining({ length: 50 }), omitted: 20 },
    });
  });

  it("does not change the document", async () => {
    const document = deepFreeze(capability({ root: secrets }));
    expect((await validate({ value: document }, kinds)).ok).toBe(true);
  });
});

function deepFreeze(value: unknown): unknown {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
