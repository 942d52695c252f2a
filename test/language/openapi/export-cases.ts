import type { SpecVersion } from "../../../src/language/openapi/exported-schemas.ts";
import { operationText } from "../../support/open-text.ts";

/** A capability, and a part of the OpenAPI document that it becomes. */
export interface Case {
  readonly what: string;
  readonly text: string;
  /** Part of the document, in YAML. */
  readonly document: string;
  readonly version?: SpecVersion;
  readonly findings?: readonly string[];
}

const BODY = { method: "POST", path: "/orders" };

/** One operation, and a part of what it becomes. */
function operation(what: string, more: string, becomes: string, place = {}): Case {
  const { path = "/", method = "GET" } = place as { path?: string; method?: string };
  const text = operationText(more, place);
  const indented = becomes.trim().replace(/^/gm, "      ");
  return { what, text, document: `paths:\n  ${JSON.stringify(path)}:\n    ${method.toLowerCase()}:\n${indented}` };
}

export const cases: readonly Case[] = [
  operation(
    "a query parameter",
    "inputParameters: [{ name: q, in: query, type: string, description: Words }]",
    "parameters: [{ name: q, in: query, description: Words, schema: { type: string } }]",
  ),
  operation(
    "a required one with a default",
    "inputParameters: [{ name: n, in: query, type: integer, default: 5, maximum: 9 }]",
    "parameters: [{ name: n, in: query, schema: { type: integer, maximum: 9, default: 5 } }]",
  ),
  operation(
    "an object of the query, whose members stand in brackets",
    "inputParameters: [{ name: f, in: query, type: object }]",
    "parameters: [{ name: f, in: query, style: deepObject, explode: true, schema: { type: object } }]",
  ),
  operation(
    "an array of a cookie, whose items are joined",
    "inputParameters: [{ name: c, in: cookie, type: array }]",
    "parameters: [{ name: c, in: cookie, explode: false, schema: { type: array } }]",
  ),
  operation(
    "a style",
    "inputParameters: [{ name: ids, in: query, type: array, x-style: pipeDelimited }]",
    "parameters: [{ name: ids, in: query, style: pipeDelimited, schema: { type: array } }]",
  ),
  operation(
    "a style that is OpenAPI's default but for explode",
    "inputParameters: [{ name: ids, in: query, type: array, x-style: form, x-explode: false }]",
    "parameters: [{ name: ids, in: query, explode: false, schema: { type: array } }]",
  ),
  operation(
    "a placeholder that no parameter declares",
    "description: One order",
    "parameters: [{ name: id, in: path, required: true, schema: { type: string } }]",
    { path: "/orders/{id}" },
  ),
  operation(
    "a constant",
    "inputParameters: [{ name: X-Version, in: header, value: '7' }]",
    "parameters: [{ name: X-Version, in: header, required: true, schema: { type: string, const: '7', default: '7' } }]",
  ),
  operation(
    "the value of a variable",
    'inputParameters: [{ name: X-Tenant, in: header, value: "{{USER}}" }]',
    "parameters: [{ name: X-Tenant, in: header, description: Value of the variable USER, required: true, schema: { type: string } }]",
  ),
  operation(
    "a body",
    "inputParameters: [{ name: body, in: body, type: object, required: true }]",
    "requestBody: { required: true, content: { application/json: { schema: { type: object } } } }",
    BODY,
  ),
  operation(
    "members of a body",
    "inputParameters: [{ name: a, in: body, type: integer, required: true }, { name: b, in: body, type: string }]",
    "requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { a: { type: integer }, b: { type: string } }, required: [a] } } } }",
    BODY,
  ),
  operation(
    "a body of another content type",
    "inputParameters: [{ name: Content-Type, in: header, value: application/vnd.api+json }, { name: body, in: body, type: object }]",
    "requestBody: { content: { application/vnd.api+json: { schema: { type: object } } } }",
    BODY,
  ),
  operation(
    "a template of a body",
    'body: { type: json, data: { title: "{{title}}", kind: order } }\ninputParameters: [{ name: title, in: body, type: string, required: true }]',
    "requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { title: { type: string }, kind: { type: string, const: order, default: order } }, required: [title, kind] } } } }",
    BODY,
  ),
  operation(
    "a form",
    'body: { type: formUrlEncoded, data: { user: "{{user}}" } }',
    "requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { user: {} } } } } }",
    BODY,
  ),
  operation(
    "a form with a file",
    'body: { type: multipartForm, data: [{ name: file, value: "{{file}}", filename: a.csv, contentType: text/csv }] }',
    "requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { file: { type: string, contentMediaType: application/octet-stream } } }, encoding: { file: { contentType: text/csv } } } } }",
    BODY,
  ),
  operation(
    "an answer of another format",
    "outputRawFormat: csv",
    "responses: { '200': { content: { text/csv: { schema: {} } } } }",
  ),
  operation(
    "outputs by their paths",
    "outputParameters: [{ name: a, type: string, value: $.data.a }, { name: b, type: integer, value: '$.list[0].b' }]",
    "responses: { '200': { content: { application/json: { schema: { type: object, properties: { data: { type: object, properties: { a: { type: string } } }, list: { type: array, items: { type: object, properties: { b: { type: integer } } } } } } } } } }",
  ),
  operation(
    "an answer's schema",
    "x-schema: { type: array, items: { type: string } }",
    "responses: { '200': { content: { application/json: { schema: { type: array, items: { type: string } } } } } }",
  ),
  operation(
    "a label and a description",
    "label: Orders\ndescription: Lists all",
    "{ summary: Orders, description: Lists all, operationId: op }",
  ),
  operation(
    "the header of a credential that the caller gives",
    "inputParameters: [{ name: Authorization, in: header, required: true }]",
    "responses: {}",
  ),
  {
    what: "a query in a path",
    text: operationText("", { path: "/find?kind=order&q={words}" }),
    document:
      "paths: { /find: { get: { parameters: [{ name: kind, in: query, required: true, schema: { const: order } }, { name: words, in: query, required: true, schema: { type: string } }] } } }".replace(
        "name: words",
        "name: q",
      ),
  },
  {
    what: "paths that differ in the names of their placeholders alone",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  resources:
  - { name: a, path: "/orders/{id}", operations: [{ name: get, method: GET }] }
  - { name: b, path: "/orders/{order}", operations: [{ name: drop, method: DELETE }] }
`,
    document: `
paths:
  "/orders/{id}":
    get: { operationId: get, parameters: [{ name: id, in: path }] }
    delete: { operationId: drop, parameters: [{ name: id, in: path }] }
`,
  },
  {
    what: "two operations of one method and path",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  resources:
  - { name: a, path: /orders, operations: [{ name: one, method: POST }, { name: two, method: POST }] }
  - { name: b, path: "/#Other", operations: [{ name: three, method: POST }] }
`,
    document: `
paths:
  /orders: { post: { operationId: one } }
  "/orders#two": { post: { operationId: two } }
  "/#Other": { post: { operationId: three } }
`,
    findings: ["another operation has POST /orders too: its path is /orders#two"],
  },
  {
    what: "several APIs, each with its servers and its credential",
    text: `
- type: http
  namespace: shop
  baseUri: https://{store}.shop.test/v1
  authentication: { type: bearer, token: "{{TOKEN}}" }
  resources: [{ name: a, path: /orders, operations: [{ name: orders, method: GET }] }]
- type: http
  namespace: crm
  baseUri: https://crm.test
  authentication: { type: apikey, key: X-Key, value: "{{PASSWORD}}" }
  resources: [{ name: a, path: /people, operations: [{ name: people, method: GET }] }]
- type: http
  namespace: open
  baseUri: ""
  resources: [{ name: a, path: /news, operations: [{ name: news, method: GET }] }]
`,
    document: `
servers: [{ url: "https://{store}.shop.test/v1", variables: { store: { default: store } } }]
security: [{ bearer: [] }]
paths:
  /people: { get: { servers: [{ url: "https://crm.test" }], security: [{ apikey: [] }] } }
  /news: { get: { servers: [{ url: / }], security: [] } }
components:
  securitySchemes:
    bearer: { type: http, scheme: bearer, description: Value of the variable TOKEN }
    apikey: { type: apiKey, name: X-Key, in: header, description: Value of the variable PASSWORD }
`,
  },
  {
    what: "a second credential in a header",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  authentication: { type: basic, username: "{{USER}}", password: "{{PASSWORD}}" }
  inputParameters: [{ name: X-Api-Key, in: header, value: "{{TOKEN}}" }]
  resources: [{ name: a, path: /a, operations: [{ name: op, method: GET }] }]
`,
    document: `
security: [{ basic: [], X-Api-Key: [] }]
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
    X-Api-Key: { type: apiKey, in: header, name: X-Api-Key }
`,
  },
  {
    what: "an implied credential",
    text: `
naftiko: 1.0.0-alpha2
binds: [{ namespace: env, keys: { API_KEY: API_KEY } }]
capability: { consumes: [{ type: http, namespace: a, baseUri: "https://a.test", resources: [{ name: a, path: /a, operations: [{ name: op, method: GET }] }] }] }
`,
    document:
      "{ security: [{ bearer: [] }], components: { securitySchemes: { bearer: { type: http, scheme: bearer } } } }",
  },
  {
    what: "a login in a browser",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  authentication: { type: oauth2, grant: authorization_code, tokenEndpoint: https://id.test/token, authorizationEndpoint: https://id.test/auth, clientId: x, scopes: [read] }
  resources: [{ name: a, path: /a, operations: [{ name: op, method: GET }] }]
`,
    document:
      "{ components: { securitySchemes: { oauth2: { type: oauth2, flows: { authorizationCode: { authorizationUrl: 'https://id.test/auth', tokenUrl: 'https://id.test/token', scopes: { read: '' } } } } } } }",
  },
  {
    what: "a login whose issuer tells the endpoints",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  authentication: { type: oauth2, authorizationServerUri: https://id.test/, clientId: x }
  resources: [{ name: a, path: /a, operations: [{ name: op, method: GET }] }]
`,
    document:
      "{ components: { securitySchemes: { oauth2: { type: openIdConnect, openIdConnectUrl: 'https://id.test/.well-known/openid-configuration' } } } }",
  },
  {
    what: "named schemas, which refer to each other",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  x-schemas: { Node: { type: object, properties: { next: { $ref: "#/$defs/Node" }, tag: { $ref: "#/$defs/Tag" } } }, Tag: { type: [string, "null"] } }
  resources:
  - name: a
    path: /a
    operations:
    - name: op
      method: POST
      inputParameters: [{ name: body, in: body, x-schema: { $ref: "#/$defs/Node" } }]
      x-schema: { type: array, items: { $ref: "#/$defs/Node" } }
`,
    document: `
paths: { /a: { post: {
  requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Node" } } } },
  responses: { "200": { content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Node" } } } } } } } } }
components: { schemas: {
  Node: { type: object, properties: { next: { $ref: "#/components/schemas/Node" }, tag: { $ref: "#/components/schemas/Tag" } } },
  Tag: { type: [string, "null"] } } }
`,
  },
  {
    what: "schemas of one name that differ, and a schema that refers to itself",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  resources:
  - name: a
    path: /a
    operations:
    - { name: one, method: GET, x-schema: { $ref: "#/$defs/Pet", $defs: { Pet: { type: string } } } }
    - { name: two, method: PUT, x-schema: { $ref: "#/$defs/Pet", $defs: { Pet: { type: integer } } } }
    - { name: three, method: POST, x-schema: { title: Tree, type: object, properties: { child: { $ref: "#" } } } }
`,
    document: `
components: { schemas: {
  Pet: { type: string }, Pet_2: { type: integer },
  Tree: { title: Tree, type: object, properties: { child: { $ref: "#/components/schemas/Tree" } } } } }
`,
  },
  {
    what: "the schemas of OpenAPI 3.0, which are older",
    version: "3.0",
    text: operationText(`
x-schema:
  type: object
  properties:
    a: { type: [string, "null"], const: x, examples: [x] }
    b: { type: [string, integer], exclusiveMinimum: 3 }
    c: { anyOf: [{ type: string }, { type: "null" }] }
    d: { type: array, prefixItems: [{ type: string }] }
    e: true
    f: { $ref: "#/$defs/F", description: Beside }
  $defs: { F: { type: "null" } }
`),
    document: `
openapi: 3.0.4
paths: { /: { get: { responses: { "200": { content: { application/json: { schema: { properties: {
  a: { type: string, nullable: true, enum: [x], example: x },
  b: { anyOf: [{ type: string }, { type: integer }], minimum: 3, exclusiveMinimum: true },
  c: { type: string, nullable: true },
  d: { type: array, items: {} },
  e: {},
  f: { allOf: [{ $ref: "#/components/schemas/F" }], description: Beside } } } } } } } } } }
components: { schemas: { F: { type: string, enum: [null], nullable: true } } }
`,
    findings: ['the keyword "prefixItems" of a schema is none of OpenAPI 3.0'],
  },
  {
    what: "names that publishers write",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test/
  resources:
  - { name: "", path: "a b/{x}{y}?", operations: [{ name: "é ü/1", method: HEAD }, { name: "é ü/1", method: GET, description: "", inputParameters: [{ name: "filter[x]", in: query, description: "" }, { name: X, in: header }, { name: x, in: header }] }] }
`,
    document: `
paths:
  "/a%20b/{x}{y}":
    head: { operationId: -1, summary: -1 }
    get: { parameters: [{ name: x }, { name: y }, { name: "filter[x]" }, { name: x, in: header }] }
`.replaceAll(": -1", ': "-/1"'),
  },
  operation(
    "a list whose items are not told, as linters want it",
    "inputParameters: [{ name: a, in: query, type: array }, { name: a, in: header, type: array, value: '{{b}}' }]",
    "parameters: [{ name: a, in: query, schema: { type: array, items: {} } }, { name: a, in: header }]",
  ),
  operation(
    "a list of lists in an answer",
    "x-schema: { type: array, items: { type: array } }",
    "responses: { '200': { content: { application/json: { schema: { type: array, items: { type: array, items: {} } } } } } }",
  ),
  operation(
    "schemas whose keywords do not fit their types",
    "x-schema: { type: array, properties: { a: {} }, items: { type: string, enum: [a, 1], items: {} }, minItems: 1 }",
    "responses: { '200': { content: { application/json: { schema: { type: array, items: { type: string, enum: [a] }, minItems: 1 } } } } }",
  ),
  operation(
    "a schema none of whose values has its type",
    "x-schema: { type: string, enum: [1, 2] }",
    "responses: { '200': { content: { application/json: { schema: { enum: [1, 2] } } } } }",
  ),
];
