import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../../src/base/json-object.ts";
import { documentText } from "../../../src/language/document/document-text.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import { importText } from "../../support/import-text.ts";

interface Place {
  readonly path?: string;
  readonly method?: string;
  readonly version?: string;
  /** Further lines of the description. */
  readonly more?: string;
}

/** Returns a description with one operation, `op`; `operation` is YAML of its other members. */
function describing(
  operation: string,
  { path = "/x", method = "get", version = "3.1.0", more = "" }: Place = {},
): string {
  const root =
    version === "2.0"
      ? 'swagger: "2.0"\nhost: api.test\nbasePath: /v1'
      : `openapi: ${version}\nservers: [{ url: https://api.test/v1 }]`;
  return `${root}
info: { title: Shop }
paths: { ${JSON.stringify(path)}: { ${method}: { operationId: op, ${operation} } } }
${more}
`;
}

async function operationOf(
  operation: string,
  place: Place = {},
): Promise<JsonObject & { readonly findings: readonly string[] }> {
  const { adapter, findings } = await importText(describing(operation, place));
  const [resource] = adapter["resources"] as [{ readonly operations: readonly JsonObject[] }];
  return { ...resource.operations[0], findings };
}

const parameters: readonly (Place & {
  readonly what: string;
  readonly given: string;
  readonly input: string;
  readonly finding?: string;
})[] = [
  {
    what: "a type, a default and values",
    given:
      '{ name: a, in: query, required: true, description: " A\\r\\n", schema: { type: string, default: x, enum: [x, y] } }',
    input: "{ name: a, in: query, type: string, description: A, required: true, default: x, enum: [x, y] }",
  },
  {
    what: "a format by itself",
    given: "{ name: a, in: query, schema: { type: string, format: date } }",
    input: "{ name: a, in: query, type: string, format: date }",
  },
  {
    what: "bounds",
    given: "{ name: a, in: query, schema: { type: integer, format: int32, minimum: 1, maximum: 9, title: A } }",
    input: "{ name: a, in: query, type: integer, x-schema: { type: integer, format: int32, minimum: 1, maximum: 9 } }",
  },
  {
    what: "a pattern",
    given: "{ name: a, in: header, schema: { type: string, pattern: '^a' } }",
    input: "{ name: a, in: header, type: string, x-schema: { type: string, pattern: '^a' } }",
  },
  {
    what: "null of 3.0",
    version: "3.0.0",
    given: "{ name: a, in: query, schema: { type: string, nullable: true, enum: [x] } }",
    input: "{ name: a, in: query, type: string, enum: [x, null], x-schema: { type: [string, 'null'] } }",
  },
  {
    what: "exclusive bounds of 3.0",
    version: "3.0.0",
    given:
      "{ name: a, in: query, schema: { type: number, minimum: 0, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false } }",
    input: "{ name: a, in: query, type: number, x-schema: { type: number, maximum: 5, exclusiveMinimum: 0 } }",
  },
  {
    what: "a list with commas",
    given: "{ name: a, in: query, explode: false, schema: { type: array, items: { type: string } } }",
    input: "{ name: a, in: query, type: array, x-schema: { type: array, items: { type: string } }, x-explode: false }",
  },
  {
    what: "a list that repeats its name",
    given: "{ name: a, in: query, style: form, explode: true, schema: { type: array, items: { type: integer } } }",
    input: "{ name: a, in: query, type: array, x-schema: { type: array, items: { type: integer } } }",
  },
  {
    what: "a list with bars",
    given: "{ name: a, in: query, style: pipeDelimited, schema: { type: array, items: {} } }",
    input: "{ name: a, in: query, type: array, x-style: pipeDelimited }",
  },
  {
    what: "an object of pairs",
    given: "{ name: a, in: query, schema: { type: object, properties: { b: { type: string } } } }",
    input:
      "{ name: a, in: query, type: object, x-schema: { type: object, properties: { b: { type: string } } }, x-style: form }",
  },
  {
    what: "a deep object",
    given: "{ name: a, in: query, style: deepObject, explode: true, schema: { type: object } }",
    input: "{ name: a, in: query, type: object, x-style: deepObject }",
  },
  {
    what: "a path with signs",
    path: "/x/{a}",
    given:
      "{ name: a, in: path, required: true, style: matrix, explode: true, schema: { type: array, items: { type: string } } }",
    input:
      "{ name: a, in: path, type: array, required: true, x-schema: { type: array, items: { type: string } }, x-style: matrix, x-explode: true }",
  },
  {
    what: "a cookie of pairs",
    given: "{ name: a, in: cookie, schema: { type: object } }",
    input: "{ name: a, in: cookie, type: object, x-style: form }",
  },
  {
    what: "a text of JSON",
    given: "{ name: a, in: query, content: { application/json: { schema: { type: object } } } }",
    input:
      "{ name: a, in: query, type: string, x-schema: { type: string, contentMediaType: application/json, contentSchema: { type: object } } }",
  },
  {
    what: "deprecation",
    given: "{ name: a, in: query, deprecated: true, schema: {} }",
    input: "{ name: a, in: query, deprecated: true }",
  },
  {
    what: "a default that does not fit",
    given: "{ name: a, in: query, schema: { type: integer, default: many } }",
    input: "{ name: a, in: query, type: integer }",
    finding: 'default "many"',
  },
  {
    what: "a default for a list that is one value",
    given: "{ name: a, in: query, schema: { type: array, items: { type: string }, default: x } }",
    input: "{ name: a, in: query, type: array, default: [x], x-schema: { type: array, items: { type: string } } }",
  },
  {
    what: "a default that looks like a template",
    given: "{ name: a, in: query, schema: { type: string, default: '{{SHOP_TOKEN}}' } }",
    input: "{ name: a, in: query, type: string, default: '{{SHOP_TOKEN}}' }",
  },
  {
    what: "collectionFormat of 2.0",
    version: "2.0",
    given: "{ name: a, in: query, type: array, items: { type: string }, collectionFormat: csv }",
    input: "{ name: a, in: query, type: array, x-schema: { type: array, items: { type: string } }, x-explode: false }",
  },
  {
    what: "a header that 2.0 may give",
    version: "2.0",
    given: "{ name: Authorization, in: header, type: string, required: true }",
    input: "{ name: Authorization, in: header, type: string, required: true }",
  },
  {
    what: "no place",
    given: "{ name: a, schema: { type: string } }",
    input: "{ name: a, in: query, type: string }",
    finding: 'has no "in"',
  },
  {
    what: "a placeholder that no parameter fills",
    path: "/x/{a}",
    given: "{ name: b, in: path, required: true, schema: { type: string } }",
    input: "{ name: a, in: path, type: string, required: true }",
    finding: "has no placeholder",
  },
  {
    what: "a placeholder of several segments",
    path: "/x/{a+}",
    given: "{ name: a, in: path, required: true, schema: { type: string } }",
    input: "{ name: a, in: path, type: string, required: true }",
  },
];

const leftOut: readonly (readonly [what: string, given: string, finding: string])[] = [
  [
    "a header that OpenAPI ignores",
    "{ name: Accept, in: header, schema: { type: string } }",
    'ignores a header parameter "Accept"',
  ],
  ["a header of the transport", "{ name: Content-Length, in: header, schema: { type: string } }", "transport"],
  ["a header that cannot be written", "{ name: a b, in: header, schema: { type: string } }", "no name of a header"],
  ["a parameter without a name", "{ in: query }", "it has no name"],
  ["a parameter that is no object", "7", "it is no object"],
  ["an unknown place", "{ name: a, in: formData }", 'no place "formData"'],
  ["a reference that leads nowhere", "{ $ref: '#/components/parameters/no' }", "Cannot follow"],
];

describe("parameters", () => {
  it.each(parameters)("carries over $what", async ({ given, input, finding, ...place }) => {
    const { inputParameters, findings } = await operationOf(`parameters: [${given}]`, place);
    expect(inputParameters).toEqual([parse(input)]);
    if (finding === undefined) expect(findings).toEqual([]);
    else expect(findings.join("\n")).toContain(finding);
  });

  it.each(leftOut)("leaves out %s, and says so", async (_, given, finding) => {
    const { inputParameters, findings } = await operationOf(`parameters: [${given}]`);
    expect(inputParameters).toBeUndefined();
    expect(findings.join("\n")).toContain(finding);
  });

  it("keeps the first of two, and those of the path at the resource", async () => {
    const { adapter, findings } = await importText(`
openapi: 3.0.0
servers: [{ url: https://api.test }]
paths:
  /a/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
      - { name: id, in: path, required: true, schema: { type: string } }
    get: { operationId: g }
`);
    expect(adapter["resources"]).toEqual([
      {
        name: "a-id",
        path: "/a/{id}",
        inputParameters: [{ name: "id", in: "path", type: "integer", required: true }],
        operations: [{ name: "g", method: "GET" }],
      },
    ]);
    expect(findings.join("\n")).toContain('A second parameter "id" in path is left out');
  });
});

interface RequestCase extends Place {
  readonly what: string;
  readonly operation: string;
  readonly inputs?: JsonObject;
  readonly url?: string;
  readonly headers?: JsonObject;
  readonly body?: string | RegExp;
}

const requests: readonly RequestCase[] = [
  {
    what: "a list with commas",
    operation: "parameters: [{ name: a, in: query, explode: false, schema: { type: array, items: { type: string } } }]",
    inputs: { a: ["x", "y z"] },
    url: "https://api.test/v1/x?a=x,y%20z",
  },
  {
    what: "an object of pairs",
    operation: "parameters: [{ name: a, in: query, schema: { type: object } }]",
    inputs: { a: { R: 1, G: 2 } },
    url: "https://api.test/v1/x?R=1&G=2",
  },
  {
    what: "a deep object",
    operation: "parameters: [{ name: a, in: query, style: deepObject, schema: { type: object } }]",
    inputs: { a: { R: 1 } },
    url: "https://api.test/v1/x?a%5BR%5D=1",
  },
  {
    what: "JSON",
    method: "post",
    operation:
      "requestBody: { content: { application/json: { schema: { type: object, properties: { id: { type: integer } } } } } }",
    inputs: { body: { id: 1 } },
    headers: { "content-type": "application/json" },
    body: '{"id":1}',
  },
  {
    what: "JSON of a vendor",
    method: "patch",
    operation: "requestBody: { content: { application/vnd.shop+json: { schema: { type: object } } } }",
    inputs: { body: { id: 1 } },
    headers: { "content-type": "application/vnd.shop+json" },
    body: '{"id":1}',
  },
  {
    what: "JSON among others",
    method: "post",
    operation: "requestBody: { content: { text/xml: {}, application/json: { schema: { type: object } } } }",
    inputs: { body: {} },
    headers: { "content-type": "application/json" },
    body: "{}",
  },
  {
    what: "a form in pairs",
    method: "post",
    operation:
      "requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string }, b: { type: array, items: { type: integer } } } } } } }",
    inputs: { a: "x y", b: [1, 2] },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "a=x+y&b=1&b=2",
  },
  {
    what: "lists and objects of a form in their styles",
    method: "post",
    operation: `requestBody: { content: { application/x-www-form-urlencoded: {
      schema: { type: object, properties: { a: { type: array }, b: { type: array }, c: { type: object }, d: { type: object }, e: { type: array } } },
      encoding: { a: { explode: false }, b: { style: pipeDelimited, explode: false }, c: { style: form },
        d: { style: deepObject, explode: true }, e: { explode: true } } } } }`,
    inputs: { a: [1, 2], b: [1, 2], c: { x: 1 }, d: { x: 1 }, e: [1, 2] },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "a=1%2C2&b=1%7C2&x=1&d%5Bx%5D=1&e=1&e=2",
  },
  {
    what: "lists of a form of 2.0",
    version: "2.0",
    method: "post",
    operation: `consumes: [application/x-www-form-urlencoded], parameters: [{ name: a, in: formData, type: array, items: { type: integer } },
      { name: b, in: formData, type: array, collectionFormat: multi }, { name: c, in: formData, type: array, collectionFormat: ssv }]`,
    inputs: { a: [1, 2], b: ["x", "y"], c: ["x", "y"] },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "a=1%2C2&b=x&b=y&c=x+y",
  },
  {
    what: "a list of a form in parts of 2.0",
    version: "2.0",
    method: "post",
    operation: `consumes: [multipart/form-data], parameters: [{ name: a, in: formData, type: array, items: { type: integer } },
      { name: f, in: formData, type: file }]`,
    inputs: { a: [1, 2] },
    body: /name="a"\r\n\r\n1,2\r\n/,
  },
  {
    what: "a list of a form in parts of 3.0",
    version: "3.0.3",
    method: "post",
    operation: `requestBody: { content: { multipart/form-data: {
      schema: { type: object, properties: { a: { type: array } } }, encoding: { a: { explode: false } } } } }`,
    inputs: { a: [1, 2] },
    body: /name="a"\r\n\r\n1\r\n[\s\S]*name="a"\r\n\r\n2\r\n/,
  },
  {
    what: "a form in parts",
    method: "post",
    operation:
      "requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { a: { type: string }, file: { type: string, format: binary } } } } } }",
    inputs: { a: "x", file: new TextEncoder().encode("abc") },
  },
  {
    what: "a form of 2.0",
    version: "2.0",
    method: "post",
    operation: "consumes: [application/x-www-form-urlencoded], parameters: [{ name: a, in: formData, type: string }]",
    inputs: { a: "x" },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "a=x",
  },
  {
    what: "a body of 2.0",
    version: "2.0",
    method: "post",
    operation: "parameters: [{ name: order, in: body, schema: { type: object } }]",
    inputs: { body: { a: 1 } },
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  },
  {
    what: "text",
    method: "put",
    operation: "requestBody: { content: { text/plain: { schema: { type: string } } } }",
    inputs: { body: "abc" },
    headers: { "content-type": "text/plain" },
    body: "abc",
  },
  {
    what: "XML",
    method: "put",
    operation: "requestBody: { content: { application/xml: { schema: { type: object } } } }",
    inputs: { body: { order: { id: 1 } } },
    headers: { "content-type": "application/xml" },
    body: /<order><id>1<\/id><\/order>/,
  },
  {
    what: "an answer of a vendor",
    operation: "responses: { 200: { content: { application/vnd.shop+json: {} } } }",
    headers: { accept: "application/vnd.shop+json" },
  },
  {
    what: "a read-only member is not required",
    method: "post",
    operation:
      "requestBody: { content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: string, readOnly: true } } } } } }",
    inputs: { body: {} },
    headers: { "content-type": "application/json" },
    body: "{}",
  },
  {
    what: "a value that fits several forms",
    method: "post",
    operation:
      "requestBody: { content: { application/json: { schema: { oneOf: [{ type: object }, { type: object, properties: { a: {} } }] } } } }",
    inputs: { body: { a: 1 } },
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  },
];

describe("requests", () => {
  it.each(requests)(
    "sends $what",
    async ({ operation, inputs = {}, url = "https://api.test/v1/x", headers, body, ...place }) => {
      const { capabilities } = await importText(describing(operation, place));
      const capability = await openCapability((capabilities[0] as { document: object }).document, { env: {} });
      expect(capability.diagnostics.filter(({ severity }) => severity !== "departure")).toEqual([]);
      const request = await capability.prepare("op", { ...inputs });
      expect(request.url).toBe(url);
      expect(request.method).toBe((place.method ?? "get").toUpperCase());
      if (headers !== undefined) expect(request.headers).toMatchObject(headers);
      if (typeof body === "string") expect(request.body).toBe(body);
      else if (body !== undefined) expect(request.body).toMatch(body);
      await capability.close();
    },
  );
});

const answers: readonly (readonly [what: string, responses: string, keys: string])[] = [
  [
    "the schema of JSON",
    "{ 200: { content: { application/json: { schema: { type: array } } } } }",
    "{ x-schema: { type: array } }",
  ],
  [
    "200 before others, and others before the default",
    "{ default: { content: { text/csv: {} } }, 201: { content: { application/xml: {} } }, 200: { content: { application/json: {} } } }",
    "{}",
  ],
  [
    "XML",
    "{ 201: { content: { application/xml: { schema: { type: object } } } } }",
    "{ outputRawFormat: xml, x-schema: { type: object } }",
  ],
  ["CSV", "{ 2XX: { content: { text/csv: {} } } }", "{ outputRawFormat: csv }"],
  [
    "bytes",
    "{ 200: { content: { application/pdf: { schema: { type: string, format: binary } } } } }",
    "{ outputRawFormat: binary, inputParameters: [{ name: Accept, in: header, value: application/pdf }] }",
  ],
  ["nothing", "{ 204: { description: Done } }", "{}"],
];

it.each(answers)("reads of an answer: %s", async (_, responses, keys) => {
  const { name: _name, method: _method, findings, ...others } = await operationOf(`responses: ${responses}`);
  expect(others).toEqual(parse(keys));
});

const securities: readonly {
  readonly what: string;
  readonly schemes: string;
  readonly security?: string;
  readonly authentication?: string;
  readonly parameters?: string;
  readonly keys: readonly string[];
  readonly finding?: string;
}[] = [
  {
    what: "bearer",
    schemes: "{ a: { type: http, scheme: Bearer } }",
    authentication: '{ type: bearer, token: "{{SHOP_TOKEN}}" }',
    keys: ["SHOP_TOKEN"],
  },
  {
    what: "basic",
    schemes: "{ a: { type: http, scheme: basic } }",
    authentication: '{ type: basic, username: "{{SHOP_USERNAME}}", password: "{{SHOP_PASSWORD}}" }',
    keys: ["SHOP_USERNAME", "SHOP_PASSWORD"],
  },
  {
    what: "digest",
    schemes: "{ a: { type: http, scheme: digest } }",
    authentication: '{ type: digest, username: "{{SHOP_USERNAME}}", password: "{{SHOP_PASSWORD}}" }',
    keys: ["SHOP_USERNAME", "SHOP_PASSWORD"],
  },
  {
    what: "a key in a header",
    schemes: "{ a: { type: apiKey, in: header, name: X-Key } }",
    authentication: '{ type: apikey, key: X-Key, value: "{{SHOP_API_KEY}}", placement: header }',
    keys: ["SHOP_API_KEY"],
  },
  {
    what: "a key in the query",
    schemes: "{ a: { type: apiKey, in: query, name: key } }",
    authentication: '{ type: apikey, key: key, value: "{{SHOP_API_KEY}}", placement: query }',
    keys: ["SHOP_API_KEY"],
  },
  {
    what: "a key in a cookie",
    schemes: "{ a: { type: apiKey, in: cookie, name: sid } }",
    parameters: '[{ name: sid, in: cookie, value: "{{SHOP_API_KEY}}" }]',
    keys: ["SHOP_API_KEY"],
  },
  {
    what: "two keys together",
    schemes: "{ a: { type: apiKey, in: header, name: X-Key }, b: { type: apiKey, in: header, name: X-App } }",
    security: "[{ a: [], b: [] }]",
    authentication: '{ type: apikey, key: X-Key, value: "{{SHOP_API_KEY}}", placement: header }',
    parameters: '[{ name: X-App, in: header, value: "{{SHOP_B_API_KEY}}" }]',
    keys: ["SHOP_API_KEY", "SHOP_B_API_KEY"],
  },
  {
    what: "client credentials",
    schemes: "{ a: { type: oauth2, flows: { clientCredentials: { tokenUrl: /token, scopes: {} } } } }",
    security: "[{ a: [read] }]",
    authentication:
      '{ type: oauth2, grant: client_credentials, tokenEndpoint: "https://api.test/token", clientId: "{{SHOP_CLIENT_ID}}", clientSecret: "{{SHOP_CLIENT_SECRET}}", scopes: [read] }',
    keys: ["SHOP_CLIENT_ID", "SHOP_CLIENT_SECRET"],
  },
  {
    what: "an authorization code",
    schemes:
      "{ a: { type: oauth2, flows: { authorizationCode: { authorizationUrl: https://id.test/a, tokenUrl: https://id.test/t, scopes: {} } } } }",
    authentication:
      '{ type: oauth2, grant: authorization_code, authorizationEndpoint: "https://id.test/a", tokenEndpoint: "https://id.test/t", clientId: "{{SHOP_CLIENT_ID}}" }',
    keys: ["SHOP_CLIENT_ID"],
  },
  {
    what: "an implicit flow",
    schemes: "{ a: { type: oauth2, flows: { implicit: { authorizationUrl: https://id.test/a, scopes: {} } } } }",
    authentication: '{ type: bearer, token: "{{SHOP_TOKEN}}" }',
    keys: ["SHOP_TOKEN"],
    finding: "a token that you have",
  },
  {
    what: "OpenID Connect",
    schemes: "{ a: { type: openIdConnect, openIdConnectUrl: https://id.test/.well-known/openid-configuration } }",
    authentication:
      '{ type: oauth2, grant: authorization_code, authorizationServerUri: "https://id.test", clientId: "{{SHOP_CLIENT_ID}}", scopes: [openid] }',
    keys: ["SHOP_CLIENT_ID"],
  },
  {
    what: "certificates",
    schemes: "{ a: { type: mutualTLS } }",
    authentication: '{ type: mtls, certificate: "{{SHOP_CERTIFICATE}}", privateKey: "{{SHOP_PRIVATE_KEY}}" }',
    keys: ["SHOP_CERTIFICATE", "SHOP_PRIVATE_KEY"],
  },
  {
    what: "one that may be left out",
    schemes: "{ a: { type: http, scheme: bearer } }",
    security: "[{}, { a: [] }]",
    authentication: "{ type: bearer, token: '{{SHOP_TOKEN}}' }",
    keys: ["SHOP_TOKEN"],
    finding: 'may also be called without "a"',
  },
  {
    what: "the easiest of several",
    schemes: "{ a: { type: http, scheme: digest }, b: { type: http, scheme: bearer } }",
    security: "[{ a: [] }, { b: [] }]",
    authentication: '{ type: bearer, token: "{{SHOP_TOKEN}}" }',
    keys: ["SHOP_TOKEN"],
    finding: "Of several ways to authenticate",
  },
  { what: "a scheme that is not declared", schemes: "{}", keys: [], finding: '"a" is left out' },
  { what: "an unknown type", schemes: "{ a: { type: magic } }", keys: [], finding: '"magic"' },
];

it.each(securities)(
  "carries over a security scheme: $what",
  async ({ schemes, security = "[{ a: [] }]", authentication, parameters: sent, keys, finding }) => {
    const { adapter, capabilities, findings } = await importText(
      describing("", { more: `security: ${security}\ncomponents: { securitySchemes: ${schemes} }` }),
    );
    expect(adapter["authentication"]).toEqual(authentication === undefined ? undefined : parse(authentication));
    expect(adapter["inputParameters"]).toEqual(sent === undefined ? undefined : parse(sent));
    const [bind] = (capabilities[0]?.document["binds"] ?? []) as { keys: object }[];
    expect(Object.keys(bind?.keys ?? {})).toEqual(keys);
    if (finding === undefined) expect(findings).toEqual([]);
    else expect(findings.join("\n")).toContain(finding);
  },
);

it("gives operations with another server or credential an adapter of their own", async () => {
  const { adapters } = await importText(`
openapi: 3.0.0
info: { title: Shop }
servers: [{ url: https://api.test }]
security: [{ a: [] }]
paths:
  /a: { get: { operationId: a } }
  /b: { get: { operationId: b, security: [] } }
  /c: { get: { operationId: c, servers: [{ url: https://files.test }] } }
components: { securitySchemes: { a: { type: http, scheme: bearer } } }
`);
  expect(
    adapters.map(({ namespace, baseUri, authentication }) => [namespace, baseUri, authentication !== undefined]),
  ).toEqual([
    ["shop", "https://api.test", true],
    ["shop-public", "https://api.test", false],
    ["shop-files-test", "https://files.test", true],
  ]);
});

const servers: readonly {
  readonly what: string;
  readonly servers: string;
  readonly location?: string;
  readonly baseUri: string;
  readonly inputs?: string;
  readonly finding?: string;
}[] = [
  { what: "a slash at the end", servers: "[{ url: https://api.test/v1/ }]", baseUri: "https://api.test/v1" },
  {
    what: "a path in a file",
    servers: "[{ url: /v1/ }]",
    baseUri: "https://{host}/v1",
    inputs: "[{ name: host, in: path, type: string, description: Host of the API, required: true }]",
    finding: 'it is the input "host"',
  },
  {
    what: "a relative path with a variable in a file",
    servers: "[{ url: './{stage}/api', variables: { stage: { default: beta } } }]",
    baseUri: "https://{host}/{stage}/api",
    inputs: `[{ name: host, in: path, type: string, description: Host of the API, required: true },
      { name: stage, in: path, type: string, default: beta }]`,
    finding: "has no host",
  },
  { what: "the root in a file", servers: "[{ url: / }]", baseUri: "", finding: "stays empty" },
  { what: "a placeholder for all of it", servers: "[{ url: '{base}/v1' }]", baseUri: "", finding: "stays empty" },
  {
    what: "a host alone",
    servers: "[{ url: //api.test/v1 }]",
    baseUri: "https://api.test/v1",
    finding: "https is taken",
  },
  {
    what: "a host without slashes",
    servers: "[{ url: api.test/v1/ }]",
    baseUri: "https://api.test/v1",
    finding: "https is taken",
  },
  { what: "none", servers: "[]", baseUri: "", finding: "no server is named" },
  {
    what: "a relative one of a URL",
    servers: "[{ url: ../v1 }]",
    location: "https://api.test/specs/api.yaml",
    baseUri: "https://api.test/v1",
  },
  {
    what: "a variable",
    servers: "[{ url: 'https://{region}.api.test', variables: { region: { default: eu, enum: [eu, us] } } }]",
    baseUri: "https://{region}.api.test",
    inputs: "[{ name: region, in: path, type: string, default: eu, enum: [eu, us] }]",
  },
  {
    what: "a variable without a default",
    servers: "[{ url: 'https://{region}.api.test' }]",
    baseUri: "https://{region}.api.test",
    inputs: "[{ name: region, in: path, type: string, required: true }]",
  },
  {
    what: "a variable for all of it",
    servers: "[{ url: '{base}/v1', variables: { base: { default: 'https://api.test' } } }]",
    baseUri: "https://api.test/v1",
    finding: '"base" of the server is left out',
  },
  {
    what: "a scheme that is none of http first",
    servers: "[{ url: 'wss://api.test' }, { url: https://api.test }]",
    baseUri: "https://api.test",
    finding: "is left out",
  },
];

it.each(servers)("reads servers: $what", async ({ servers: list, location, baseUri, inputs, finding }) => {
  const text = `openapi: 3.0.0\nservers: ${list}\npaths: { /a: { get: {} } }`;
  const { adapter, findings } = await importText(text, location === undefined ? {} : { location });
  expect(adapter["baseUri"]).toBe(baseUri);
  expect(adapter["inputParameters"]).toEqual(inputs === undefined ? undefined : parse(inputs));
  if (finding === undefined) expect(findings).toEqual([]);
  else expect(findings.join("\n")).toContain(finding);
});

it("names operations the same whatever the order of the file", async () => {
  const paths = {
    "/b": { get: { operationId: "find" }, post: {} },
    "/a/{id}": { get: { operationId: "find" } },
    "/a": { get: { operationId: "  --list\u0007it " } },
    "/": { delete: {} },
  };
  const named = async (entries: readonly (readonly [string, object])[]) => {
    const { adapter } = await importText(
      JSON.stringify({ openapi: "3.0.0", servers: [{ url: "https://a.test" }], paths: Object.fromEntries(entries) }),
    );
    return (adapter["resources"] as { path: string; operations: { name: string; method: string }[] }[])
      .flatMap(({ path, operations }) => operations.map(({ name, method }) => `${method} ${path} ${name}`))
      .sort();
  };
  const names = await named(Object.entries(paths));
  expect(names).toEqual([
    "DELETE / delete-root",
    "GET /a list it",
    "GET /a/{id} find-get-a-id",
    "GET /b find",
    "POST /b post-b",
  ]);
  expect(await named(Object.entries(paths).reverse())).toEqual(names);
});

const schemas: readonly (readonly [what: string, schema: string, read: string])[] = [
  [
    "null beside forms",
    "{ nullable: true, allOf: [{ type: object }], description: D }",
    "{ description: D, anyOf: [{ allOf: [{ type: object }] }, { type: 'null' }] }",
  ],
  [
    "keywords that are none",
    "{ type: object, example: 1, xml: {}, x-a: 1, properties: { a: { type: integer, example: 2 } } }",
    "{ type: object, properties: { a: { type: integer } } }",
  ],
  [
    "values of a wrong type",
    "{ type: object, required: true, maxProperties: few, properties: { a: { minLength: '3', type: any } } }",
    "{ type: object, properties: { a: { minLength: 3 } } }",
  ],
  [
    "names of prototypes",
    '{ type: object, properties: { "__proto__": { type: string }, constructor: { type: string } } }',
    '{ type: object, properties: { "__proto__": { type: string }, constructor: { type: string } } }',
  ],
  [
    "a discriminator",
    "{ type: object, discriminator: { propertyName: kind, mapping: {} } }",
    "{ type: object, discriminator: { propertyName: kind } }",
  ],
];

describe("schemas", () => {
  it.each(schemas)("reads %s of 3.0", async (_, schema, read) => {
    const { "x-schema": found } = await operationOf(
      `responses: { 200: { content: { application/json: { schema: ${schema} } } } }`,
      { version: "3.0.0" },
    );
    expect(JSON.stringify(sorted(found))).toBe(JSON.stringify(sorted(parse(read))));
  });

  it("keeps schemas that refer to each other by name, and those alone that operations need", async () => {
    const { adapter } = await importText(
      describing(
        "responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/A b' } } } } }",
        {
          more: `components: { schemas: { A b: { type: object, properties: { next: { $ref: '#/components/schemas/A b' }, c: { $ref: '#/components/schemas/C' } } }, C: { type: string, nullable: true }, D: {} } }`,
          version: "3.0.0",
        },
      ),
    );
    expect(adapter["x-schemas"]).toEqual({
      "A b": { type: "object", properties: { next: { $ref: "#/$defs/A%20b" }, c: { $ref: "#/$defs/C" } } },
      C: { type: ["string", "null"] },
    });
  });

  it("names the parts of a schema that is deeper than a file may be", async () => {
    let schema: object = { type: "string" };
    for (let level = 0; level < 1_000; level++) schema = { type: "object", properties: { a: schema } };
    const text = JSON.stringify({
      openapi: "3.1.0",
      servers: [{ url: "https://a.test" }],
      paths: { "/a": { get: { responses: { 200: { content: { "application/json": { schema } } } } } } },
    });
    const { capabilities } = await importText(text);
    const capability = await openCapability((capabilities[0] as { document: object }).document);
    expect(capability.operations.size).toBe(1);
    await capability.close();
  });
});

it("splits by tag and by path, with the schemas that each part needs", async () => {
  const text = `
openapi: 3.1.0
info: { title: Shop API }
servers: [{ url: https://api.test }]
tags: [{ name: Order lines, description: What is ordered }]
paths:
  /v1/orders: { get: { operationId: a, tags: [Order lines], responses: { 200: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } }
  /v1/users/{id}: { get: { operationId: b } }
components: { schemas: { A: { type: object } } }
`;
  const byTag = (await importText(text, { split: "tag" })).capabilities;
  expect(byTag.map(({ name }) => name)).toEqual(["shop-api-order-lines", "shop-api-other"]);
  expect(byTag.map(({ document }) => documentText(document, "yaml").includes("x-schemas"))).toEqual([true, false]);
  expect(byTag[0]?.document["info"]).toEqual({
    label: "Shop API — Order lines",
    description: "What is ordered",
    tags: ["Order lines"],
  });
  const byPath = (await importText(text, { split: "path", namespace: "shop" })).capabilities;
  expect(byPath.map(({ name }) => name)).toEqual(["shop-orders", "shop-users"]);
});

it("tells what has no place in a capability", async () => {
  const { findings } = await importText(`
openapi: 3.1.0
servers: [{ url: https://api.test }]
webhooks: { a: { post: {} } }
paths:
  /a:
    trace: {}
    get: { callbacks: { b: {} }, responses: { 200: { links: { c: {} } } } }
`);
  for (const word of ["TRACE /a", "Webhooks", "Callbacks", "Links"]) expect(findings.join("\n")).toContain(word);
});

/** Returns a value with the members of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted((value as JsonObject)[key])]),
  );
}
