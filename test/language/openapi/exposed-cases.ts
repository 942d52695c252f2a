import type { SpecVersion } from "../../../src/language/openapi/exported-schemas.ts";

/** A REST adapter, and a part of the document of what it serves. */
export interface ExposedCase {
  readonly what: string;
  /** Members of the adapter, in YAML. */
  readonly adapter?: string;
  /** Resources of the adapter, in YAML. */
  readonly resources: string;
  /** Part of the document, in YAML. */
  readonly document: string;
  readonly version?: SpecVersion;
}

/** Returns a capability whose server has the members and resources. */
export function exposedText({ adapter = "", resources }: Pick<ExposedCase, "adapter" | "resources">): string {
  return `
naftiko: "1.0.0-alpha3"
info: { label: Shipyard, description: Ships and crews, tags: [fleet] }
binds: [{ namespace: env, keys: { TOKEN: TOKEN } }]
capability:
  consumes:
  - type: http
    namespace: reg
    baseUri: https://reg.test
    resources:
    - name: ships
      path: /ships
      operations:
      - { name: list, method: GET, inputParameters: [{ name: flag, in: query, type: string, enum: [NO, SE] }] }
      - name: make
        method: POST
        inputParameters: [{ name: body, in: body, type: object, required: true }]
        x-schema: { type: object, properties: { id: { $ref: "#/$defs/Id" } }, $defs: { Id: { type: integer } } }
    - name: ship
      path: /ships/{imo}
      operations: [{ name: get, method: GET }, { name: remove, method: DELETE }]
  aggregates:
  - label: Fleet
    namespace: fleet
    functions:
    - name: find
      description: Find a ship
      inputParameters: [{ name: imo, type: string, description: Its number }]
      call: reg.get
      with: { imo: fleet.imo }
      outputParameters: [{ type: object, properties: { id: { type: string, mapping: $.imo } } }]
  exposes:
  - type: rest
    namespace: yard
    port: 3002
${indented(adapter, 4)}
    resources:
${indented(resources, 4)}
`;
}

function indented(text: string, spaces: number): string {
  return text.trim().replace(/^/gm, " ".repeat(spaces));
}

/** One resource with one operation, and a part of what the operation becomes. */
function operation(what: string, more: string, becomes: string, place: { path?: string; method?: string } = {}) {
  const { path = "/a", method = "GET" } = place;
  return {
    what,
    resources: `- path: "${path}"\n  operations:\n  - method: ${method}\n${indented(more, 4)}`,
    document: `paths:\n  "${path.replaceAll("{{", "{").replaceAll("}}", "}")}":\n    ${method.toLowerCase()}:\n${indented(becomes, 6)}`,
  } satisfies ExposedCase;
}

export const exposedCases: readonly ExposedCase[] = [
  {
    what: "the texts of the capability, and its address and port",
    resources: "- { path: /a, name: a, operations: [{ method: GET, call: reg.list }] }",
    document: `
openapi: 3.1.1
info: { title: Shipyard, description: Ships and crews, version: 1.0.0 }
servers: [{ url: "http://localhost:3002" }]
security: []
tags: [{ name: a }, { name: fleet }]`,
  },
  {
    what: "an address that stands for all as localhost",
    adapter: 'address: "0.0.0.0"',
    resources: "- { path: /a, operations: [{ method: GET, call: reg.list }] }",
    document: 'servers: [{ url: "http://localhost:3002" }]',
  },
  {
    what: "an address of IPv6 in brackets",
    adapter: 'address: "::1"',
    resources: "- { path: /a, operations: [{ method: GET, call: reg.list }] }",
    document: 'servers: [{ url: "http://[::1]:3002" }]',
  },
  operation(
    "inputs where the route reads them",
    `name: op
label: An operation
description: It does much
call: reg.list
inputParameters:
- { name: imo, in: path, type: string, description: Number }
- { name: flag, in: query, type: string, description: Flag, required: true, pattern: "^[A-Z]+$" }
- { name: X-Trace, in: header, type: integer, description: Trace }
- { name: sid, in: cookie, type: string, description: Session }
- { name: filter, in: query, type: object, description: Filter }`,
    `operationId: op
summary: An operation
description: It does much
parameters:
- { name: imo, in: path, description: Number, required: true, schema: { type: string } }
- { name: flag, in: query, description: Flag, required: true, schema: { type: string, pattern: "^[A-Z]+$" } }
- { name: X-Trace, in: header, description: Trace, schema: { type: integer } }
- { name: sid, in: cookie, description: Session, schema: { type: string } }
- { name: filter, in: query, description: Filter, style: deepObject, explode: true, schema: { type: object } }
responses: { 400: { $ref: "#/components/responses/BadRequest" } }`,
    { path: "/ships/{{imo}}" },
  ),
  operation(
    "inputs that follow from the call, with what the API says of them",
    "call: reg.list\nwith: { flag: rest.flag }",
    "parameters: [{ name: flag, in: query, schema: { type: string, enum: [NO, SE] } }]",
  ),
  operation(
    "a placeholder that is only like the input of its name",
    "call: reg.get\nwith: { imo: rest.imo }",
    "parameters: [{ name: I-M-O, in: path, required: true, schema: { type: string } }]",
    { path: "/ships/{I-M-O}" },
  ),
  operation(
    "a placeholder that is the rest of the URL, in words",
    "call: reg.list\nwith: {}",
    `description: 'The parameter "path" is the rest of the URL, which may have slashes.'
parameters: [{ name: path, in: path, required: true, schema: { type: string } }]`,
    { path: "/files/{path}" },
  ),
  operation(
    "no parameter for a constant",
    `call: reg.list
inputParameters:
- { name: flag, in: query, type: string, description: Flag, value: NO }
- { name: q, in: query, type: string, description: Words }`,
    "parameters: [{ name: q, in: query, description: Words, schema: { type: string } }]",
  ),
  operation(
    "the members of a body, also those that a path names",
    `call: reg.make
with: { body: "{{name}}" }
inputParameters:
- { name: name, in: body, type: string, description: Name, required: true }
- { name: port, in: body, type: string, description: Port, value: $.route.from, required: true }
- { name: crew, in: body, type: array, description: Crew }`,
    `requestBody:
  required: true
  content:
    application/json:
      schema:
        type: object
        required: [name, route]
        properties:
          name: { type: string, description: Name }
          route: { type: object, required: [from], properties: { from: { type: string, description: Port } } }
          crew: { type: array, items: {}, description: Crew }`,
    { method: "POST" },
  ),
  operation(
    "a whole body, and the answer of the API with its schema",
    "call: reg.make\nwith: { body: rest.body }",
    `requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
responses:
  2XX:
    description: Success
    content:
      application/json: { schema: { type: object, properties: { id: { $ref: "#/components/schemas/Id" } } } }
  default: { $ref: "#/components/responses/ApiError" }`,
    { method: "POST" },
  ),
  operation(
    "the whole answer of the API, of whatever type",
    "call: reg.list\noutputParameters: [{ type: object, mapping: $. }]",
    "responses: { 200: { content: { application/json: { schema: {} } } } }",
  ),
  operation(
    "a mapped answer, whose values may be missing",
    `call: reg.list
outputParameters:
- type: array
  mapping: $.ships
  items:
    type: object
    properties:
      id: { type: string, mapping: $.imo, maxLength: 7 }
      size: { type: object, properties: { length: { type: number, mapping: $.dimensions.length } } }
      kind: { type: string, value: ship }`,
    `responses:
  200:
    content:
      application/json:
        schema:
          type: [array, "null"]
          items:
            type: object
            required: [id, size, kind]
            properties:
              id: { type: [string, "null"], maxLength: 7 }
              size: { type: object, required: [length], properties: { length: { type: [number, "null"] } } }
              kind: { type: string }`,
  ),
  operation(
    "a mock",
    `outputParameters:
- { name: answer, type: string, value: pong }
- { name: parts, type: array, items: { type: object, properties: { n: { type: number, value: 1 } } } }
- { name: none, type: string }`,
    `responses:
  200:
    content:
      application/json:
        schema:
          type: object
          required: [answer]
          properties:
            answer: { type: string }
            parts: { items: { type: object, required: [n], properties: { n: { type: number } } } }
  default: { $ref: "#/components/responses/Problem" }`,
  ),
  operation("a mock that has nothing to give", "name: none", "responses: { 204: { description: Success } }"),
  operation(
    "steps, with the types that the file tells of what they fill",
    `name: steps
steps: [{ name: one, type: call, call: reg.list }]
mappings: [{ targetName: a.b, value: $.one.b }, { targetName: c, value: $.one.c }]
outputParameters: [{ name: a, type: object, properties: { b: { type: string } } }]`,
    `responses:
  200:
    content:
      application/json:
        schema:
          type: object
          properties: { a: { type: object, properties: { b: { type: [string, "null"] } } }, c: {} }
  502: { $ref: "#/components/responses/BadGateway" }
  504: { $ref: "#/components/responses/GatewayTimeout" }
  default: { $ref: "#/components/responses/Problem" }`,
  ),
  operation(
    "a function with what it says of itself",
    "name: by-ref\nref: fleet.find",
    `description: Find a ship
parameters: [{ name: imo, in: path, description: Its number, required: true, schema: { type: string } }]
responses: { 200: { content: { application/json: { schema: { properties: { id: { type: [string, "null"] } } } } } } }`,
    { path: "/find/{imo}" },
  ),
  {
    what: "operations of one route as one path, the first of two with one method",
    resources: `
- path: /a/{x}
  operations: [{ method: GET, name: first, call: reg.get, with: { imo: rest.imo } }]
- path: /a/{y}
  operations: [{ method: GET, name: second, call: reg.list }, { method: DELETE, name: third, call: reg.remove }]`,
    document: `
paths:
  /a/{x}:
    get: { operationId: first }
    delete: { operationId: third, parameters: [{ name: x, in: path }] }`,
  },
  {
    what: "names of operations once each",
    resources: `
- { path: /a, operations: [{ method: GET, name: op, call: reg.list }] }
- { path: /b, operations: [{ method: GET, name: op, call: reg.list }] }`,
    document: "paths: { /a: { get: { operationId: op } }, /b: { get: { operationId: op-2 } } }",
  },
  {
    what: "a forward as a path of every usual method that its operations leave",
    resources: `
- path: /reg/{path}
  operations: [{ method: GET, name: own, call: reg.list }]
  forward: { targetNamespace: reg, trustedHeaders: [X-Request-Id] }`,
    document: `
paths:
  /reg/{path}:
    get: { operationId: own }
    post:
      operationId: post-reg
      requestBody: { content: { "*/*": {} } }
      parameters: [{ name: path, in: path, required: true, schema: { type: string } }]
    put: { operationId: put-reg }
    patch: { operationId: patch-reg }
    delete: { operationId: delete-reg }`,
  },
  ...(
    [
      ["basic", "{ type: basic, username: u, password: '{{TOKEN}}' }", "{ type: http, scheme: basic }"],
      ["bearer", "{ type: bearer, token: '{{TOKEN}}' }", "{ type: http, scheme: bearer }"],
      ["digest", "{ type: digest, username: u, password: '{{TOKEN}}' }", "{ type: http, scheme: digest }"],
      [
        "apikey",
        "{ type: apikey, key: k, value: '{{TOKEN}}', placement: query }",
        "{ type: apiKey, name: k, in: query }",
      ],
    ] as const
  ).map(([type, authentication, scheme]) => ({
    what: `authentication of type ${type}`,
    adapter: `authentication: ${authentication}`,
    resources: "- { path: /a, operations: [{ method: GET, call: reg.list }] }",
    document: `
security: [{ ${type}: [] }]
paths: { /a: { get: { responses: { 401: { $ref: "#/components/responses/Unauthorized" } } } } }
components: { securitySchemes: { ${type}: ${scheme} } }`,
  })),
  {
    what: "authentication by OAuth 2, with its scopes",
    adapter:
      'authentication: { type: oauth2, authorizationServerUri: "https://id.test/", resource: "https://a.test", scopes: [read] }',
    resources: "- { path: /a, operations: [{ method: GET, call: reg.list }] }",
    document: `
security: [{ oauth2: [read] }]
components:
  securitySchemes:
    oauth2: { type: openIdConnect, openIdConnectUrl: "https://id.test/.well-known/openid-configuration" }`,
  },
  {
    what: "values that may be missing in the words of 3.0",
    version: "3.0",
    resources: `
- path: /a
  operations:
  - method: GET
    call: reg.list
    outputParameters: [{ type: object, properties: { id: { type: string, mapping: $.id } } }]`,
    document: `
openapi: 3.0.4
paths:
  /a:
    get:
      responses:
        200: { content: { application/json: { schema: { properties: { id: { type: string, nullable: true } } } } } }`,
  },
];
