/** Files that use what the language has: one in each generation's form, and what they import. */
export const GOOD_DOCUMENTS: Readonly<Record<string, string>> = {
  "older.yaml": `
naftiko: 1.0.0-alpha3
info: { label: Shop, description: A shop, tags: [shop, goods], version: "2", created: "2025-01-01", modified: 2025, stakeholders: [{ role: owner, fullName: A, email: a@b.test }] }
binds:
- { namespace: env, description: keys, keys: { TOKEN: SHOP_TOKEN, HOST: SHOP_HOST } }
- { namespace: files, location: "file:///./secrets.env", keys: { KEY: key } }
- { namespace: shared, import: shared, location: ./shared.yaml }
capability:
  description: sells
  binds: [{ namespace: own, keys: { OWN: OWN } }]
  consumes:
  - { import: other, location: ./shared.yaml, as: mine }
  - type: http
    namespace: shop
    description: the shop
    baseUri: https://{region}.shop.test/v1
    authentication: { type: bearer, token: "{{TOKEN}}" }
    inputParameters: [{ name: X-V, in: header, value: "1" }, { name: region, in: environment, value: eu }]
    resources:
    - name: items
      label: Items
      description: goods
      path: /items/{id}
      inputParameters: [{ name: id, in: path, type: string, required: true, description: which }]
      operations:
      - name: find
        label: Find
        description: finds
        method: GET
        inputParameters: [{ name: q, in: query, type: array }, { name: n, in: query, type: integer, value: 5 }, { name: c, in: cookie }, { name: t, in: query, template: "a {{id}}" }]
        outputRawFormat: json
        outputParameters: [{ name: first, type: string, value: "$.items[0].name" }, { name: all, type: array, mapping: "$.items[?(@.id == 1)].name" }]
      - name: add
        method: POST
        path: /parts
        body: { type: json, data: { name: "{{name}}", list: [1, { deep: "{{q}}" }] } }
        inputParameters: [{ name: name, in: body, type: string }, { name: q, in: body }]
      - { name: form, method: PUT, body: { type: formUrlEncoded, data: { a: "{{x}}", b: 2 } }, inputParameters: [{ name: x, in: body }] }
      - { name: parts, method: PATCH, body: { type: multipartForm, data: [{ name: f, value: "{{x}}", filename: f.txt, contentType: text/plain }] }, inputParameters: [{ name: x, in: body }] }
      - { name: text, method: DELETE, body: { type: text, data: "hello {{x}}" }, inputParameters: [{ name: x, in: body }], outputRawFormat: csv }
  - type: http
    namespace: keyed
    baseUri: https://keyed.test
    authentication: { type: apikey, key: k, value: "{{KEY}}", placement: query }
    resources: [{ name: r, path: /r, operations: [{ name: keyed-op, method: GET, outputRawFormat: avro, outputSchema: '{"type":"string"}' }] }]
  exposes:
  - type: rest
    namespace: api
    address: 127.0.0.1
    port: 8080
    authentication: { type: basic, username: u, password: "{{TOKEN}}" }
    resources:
    - path: /x
      name: x
      operations:
      - name: get-x
        method: GET
        call: shop.find
        with: { id: "$.id" }
        inputParameters: [{ name: id, in: query, type: string, pattern: "^a$" }]
        outputParameters: [{ type: object, properties: { a: { type: string, mapping: $.a } } }]
      - { name: steps, method: POST, steps: [{ name: one, type: call, call: shop.find, with: { id: "1" } }], mappings: [{ targetName: a, value: $.one }] }
`,
  "newer.yaml": `
ikanos: 1.0.0-beta5
info: { display: Desk, description: A desk, tags: [desk] }
imports: [./shared.yaml]
binds:
- { namespace: env, keys: { USER: DESK_USER, PASSWORD: DESK_PASSWORD } }
capability:
  consumes:
  - type: http
    namespace: desk
    baseUri: https://desk.test
    authentication: { type: basic, username: "{{USER}}", password: "{{PASSWORD}}" }
    inputParameters: { X-V: { in: header, value: "1" } }
    resources:
      tickets:
        path: /tickets
        display: Tickets
        operations:
          list-tickets: { method: GET, display: List, inputParameters: { page: { in: query, type: number }, on: { in: query, type: boolean } }, outputParameters: { n: { type: number, value: $.n } } }
          make-ticket: { method: POST, body: { type: xml, data: "<t>{{title}}</t>" }, inputParameters: { title: { in: body, type: string } } }
  - type: http
    namespace: cloud
    baseUri: https://cloud.test
    authentication: { type: oauth2, grant: client_credentials, tokenEndpoint: "https://cloud.test/token", clientId: c, clientSecret: "{{PASSWORD}}", scopes: [a, b] }
    resources: { r: { path: /r, operations: { call: { method: GET } } } }
  aggregates:
  - { namespace: agg, display: Agg, flows: { go: { display: Go, steps: { one: { type: call, call: desk.list-tickets } }, outputParameters: { n: { type: string, value: $.one.n } } } } }
  exposes:
  - type: mcp
    namespace: tools
    transport: stdio
    tools: { tool: { display: Tool, description: d, call: desk.list-tickets, inputParameters: { page: { type: number, description: p } } } }
    prompts: { ask: { display: Ask, arguments: { a: { display: A } }, template: [{ role: user, content: hi }] } }
    resources: { doc: { display: Doc, uri: "x://y", description: d, call: desk.list-tickets } }
  - { type: skill, namespace: sk, port: 1, skills: { s: { display: S, description: d, tools: { t: { display: T, description: d, instruction: i.md } } } } }
`,
  "shared.yaml": `
naftiko: 1.0.0-alpha3
binds: [{ namespace: shared, keys: { S: S }, location: "file:///./s.env" }]
consumes:
- { type: http, namespace: other, baseUri: "https://other.test", resources: [{ name: r, path: /r, operations: [{ name: other-op, method: GET }] }] }
`,
};
