import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../../src/engine/kinds.ts";
import { checkExposed } from "../../../src/language/validation/check-exposed.ts";
import { exposedRules } from "../../../src/language/validation/exposed-rules.ts";
import { validate } from "../../../src/language/validation/validate.ts";
import { openTextRuntime } from "../../support/open-text.ts";

/** Returns a document that consumes two operations and exposes what is given. */
function document(exposes: string, aggregates = ""): string {
  return `
naftiko: 1.0.0-alpha3
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: https://api.test
    resources:
    - name: item
      path: /items/{id}
      operations:
      - { name: get-item, method: GET, inputParameters: [{ name: page, in: query }] }
      - { name: put-item, method: PUT, body: '{ "title": "{{title}}" }' }
${aggregates.trim() === "" ? "" : `  aggregates:\n${indent(aggregates)}`}
  exposes:
${indent(exposes)}
`;
}

function indent(text: string): string {
  return text.trim().replace(/^/gm, "  ");
}

/** Returns a server with one tool, of these members. */
function tool(members: string): string {
  return document(`- type: mcp\n  namespace: tools\n  port: 3001\n  tools:\n  - { name: t, ${members} }`);
}

/** Returns a server with one tool, of these steps. */
function steps(written: string, more = ""): string {
  return tool(`steps: [${written}]${more}`);
}

/** Returns a REST server with one route. */
function rest(operation: string, path = "/items/{id}"): string {
  return document(
    `- type: rest\n  namespace: api\n  port: 8080\n  resources:\n  - path: ${path}\n    operations:\n    - { method: GET, ${operation} }`,
  );
}

/** Returns a server with these resources, or with these prompts. */
function mcp(members: string): string {
  return document(`- type: mcp\n  namespace: t\n  port: 3001\n  ${members}`);
}

/** Returns a server with one skill, of these members. */
function skill(members: string): string {
  return document(`
- { type: mcp, namespace: tools, port: 3001, tools: [{ name: get-item, call: shop.get-item }] }
- { type: skill, namespace: skills, port: 3002, skills: [{ ${members} }] }`);
}

const DESK = "name: order-desk, description: Orders";
const CALL = "{ type: call, name: a, call: shop.get-item }";
const at = {
  tool: "/capability/exposes/0/tools/0",
  operation: "/capability/exposes/0/resources/0/operations/0",
  skills: "/capability/exposes/1/skills",
};

interface Case {
  readonly text: string;
  /** `rule severity pointer`, below the unit. */
  readonly finds: string;
  readonly says: string;
}

const cases: readonly Case[] = [
  {
    text: tool("call: shop.get-itm"),
    finds: `reference-known error ${at.tool}/call`,
    says: 'Tool "t" calls "shop.get-itm": "shop" has no such operation; did you mean "shop.get-item"',
  },
  {
    text: tool("call: store.get-item"),
    finds: `reference-known error ${at.tool}/call`,
    says: 'no consumed API has the namespace "store"; did you mean "shop.get-item"',
  },
  {
    text: steps(`{ type: call, name: a, call: shop.nothing-like-it }`),
    finds: `reference-known error ${at.tool}/steps/0/call`,
    says: 'Tool "t", step "a" calls "shop.nothing-like-it": "shop" has no such operation',
  },
  {
    text: tool("ref: totals.get"),
    finds: `reference-known error ${at.tool}/ref`,
    says: 'Tool "t" refers to "totals.get", which is no function of an aggregate',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.gte }] }",
      "- { namespace: totals, functions: [{ name: get, call: shop.get-item }] }",
    ),
    finds: `reference-known error ${at.tool}/ref`,
    says: 'did you mean "totals.get"?',
  },
  {
    text: document(
      "- { type: rest, namespace: api, port: 8080, resources: [{ path: '/{path}', forward: { targetNamespace: shp } }] }",
    ),
    finds: "reference-known error /capability/exposes/0/resources/0/forward/targetNamespace",
    says: 'Route "/{path}" forwards to "shp", which is no consumed API; did you mean "shop"?',
  },
  {
    text: document(`
- { type: mcp, namespace: shop-tools, port: 3001, tools: [{ name: get-item, call: shop.get-item }] }
- { type: skill, namespace: skills, port: 3002, skills: [{ name: s, description: d, tools: [{ name: a, from: { sourceNamespace: shop-tool, action: get-item } }] }] }`),
    finds: "reference-known error /capability/exposes/1/skills/0/tools/0/from/sourceNamespace",
    says: 'Skill "s", tool "a" comes from "shop-tool", which is no REST or MCP server here; did you mean "shop-tools"?',
  },
  {
    text: document(`
- { type: mcp, namespace: shop-tools, port: 3001, tools: [{ name: get-item, call: shop.get-item }] }
- { type: skill, namespace: skills, port: 3002, skills: [{ name: s, description: d, tools: [{ name: a, from: { sourceNamespace: shop-tools, action: get-itm } }] }] }`),
    finds: "reference-known error /capability/exposes/1/skills/0/tools/0/from/action",
    says: 'Skill "s", tool "a": "shop-tools" has no "get-itm"; did you mean "get-item"?',
  },
  ...[
    ["name: Order_Desk, description: d", "warning", "0/name", 'Skill "Order_Desk" has a name that agents do not take'],
    ["name: a--b, description: d", "warning", "0/name", "lower-case letters, digits and single hyphens between them"],
    [`name: ${"a".repeat(65)}, description: d`, "warning", "0/name", "at most 64"],
    ["name: order-desk", "warning", "0", 'Skill "order-desk" has no description'],
    ["name: order-desk, description: ' '", "warning", "0/description", "which tells an agent when to use it"],
    [
      `name: order-desk, description: ${"x".repeat(1_025)}`,
      "warning",
      "0/description",
      "description has 1025 characters; agents take 1024",
    ],
    [`${DESK}, compatibility: ${"x".repeat(501)}`, "warning", "0/compatibility", "agents take 500"],
    [`${DESK}, location: /srv/x`, "error", "0/location", 'location "/srv/x" is not the file: URL of a folder'],
    [`${DESK} }, { ${DESK}`, "error", "1/name", 'Skill "order-desk" is declared twice'],
    [
      `${DESK}, location: "file:///srv/x", tools: [{ name: a, instruction: a.md, from: { sourceNamespace: tools, action: get-item } }]`,
      "error",
      "0/tools/0/instruction",
      'Skill "order-desk", tool "a" has both from and instruction',
    ],
    [
      `${DESK}, tools: [{ name: a, instruction: a.md }]`,
      "error",
      "0/tools/0/instruction",
      "names a file, and the skill has no location to read it from",
    ],
    ...["../a.md", "/a.md", "a/../b.md", "a b.md", "%2e%2e/a.md"].map(
      file =>
        [
          `${DESK}, location: "file:///srv/x", tools: [{ name: a, instruction: "${file}" }]`,
          "error",
          "0/tools/0/instruction",
          `"${file}" is not a path below the location`,
        ] as const,
    ),
    [
      `${DESK}, location: "file:///srv/x", tools: [{ name: a, instruction: a.md }, { name: a, instruction: b.md }]`,
      "warning",
      "0/tools/1/name",
      'Skill "order-desk" has two tools of the name "a"',
    ],
  ].map(([members = "", severity, place, says = ""]) => ({
    text: skill(members),
    finds: `skill-usable ${severity} ${at.skills}/${place}`,
    says,
  })),
  {
    text: tool(`call: shop.get-item, steps: [${CALL}]`),
    finds: `unit-mode error ${at.tool}/steps`,
    says: 'Tool "t" has "call" and "steps": keep one',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.get, call: shop.get-item }] }",
      "- { namespace: totals, functions: [{ name: get, call: shop.get-item }] }",
    ),
    finds: `unit-mode error ${at.tool}/ref`,
    says: 'has "call" and "ref": keep one',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.get, mappings: [{ targetName: a, value: $.a }] }] }",
      "- { namespace: totals, functions: [{ name: get, call: shop.get-item }] }",
    ),
    finds: `unit-mode error ${at.tool}/mappings`,
    says: 'has "mappings" beside "ref"',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.get }] }",
      "- { namespace: totals, functions: [{ name: get, ref: totals.other }, { name: other, call: shop.get-item }] }",
    ),
    finds: "unit-mode error /capability/aggregates/0/functions/0/ref",
    says: 'Function "get" has "ref": a function does its work itself',
  },
  {
    text: tool("outputParameters: [{ name: a, type: string }]"),
    finds: `unit-mode warning ${at.tool}`,
    says: "no output with a value: its answer is empty",
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.get }] }",
      "- { namespace: totals, functions: [{ name: get, call: shop.get-item }, { name: get, call: shop.put-item }] }",
    ),
    finds: "function-unique error /capability/aggregates/0/functions/1/name",
    says: 'Function "get" is there twice in "totals"',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ name: a, call: shop.get-item }, { name: a, call: shop.put-item }] }",
    ),
    finds: "function-unique warning /capability/exposes/0/tools/1/name",
    says: 'Tool "a" is there twice in "tools"',
  },
  {
    text: document("- { type: control, port: 9190 }\n- { type: control, port: 9191 }"),
    finds: "adapter-port error /capability/exposes/1",
    says: "There is a second control server",
  },
  {
    text: document("- { type: control, port: 9190 }\n- { type: mcp, namespace: tools, port: 9190, tools: [] }"),
    finds: "adapter-port error /capability/exposes/1/port",
    says: "Port 9190 is that of the control server too",
  },
  {
    text: document(
      "- { type: rest, namespace: api, port: 8080 }\n- { type: mcp, namespace: tools, port: 8080, tools: [] }",
    ),
    finds: "adapter-port warning /capability/exposes/1/port",
    says: 'Port 8080 is that of "api" too: only one of them can listen',
  },
  {
    text: document(`- { type: rest, namespace: api, port: 8080, authentication: { type: "bearer" } }`),
    finds: "exposed-authentication warning /capability/exposes/0/authentication",
    says: 'Authentication "bearer" of callers: its "token" is missing: the server will not start',
  },
  {
    text: document(`- { type: rest, namespace: api, port: 8080, authentication: { type: "apikey", value: "{{K}}" } }`),
    finds: "exposed-authentication warning /capability/exposes/0/authentication",
    says: 'Authentication "apikey" of callers: its "key" is missing: the server will not start',
  },
  {
    text: document(
      `- { type: rest, namespace: api, port: 8080, authentication: { type: "basic", username: "", password: "{{K}}" } }`,
    ),
    finds: "exposed-authentication warning /capability/exposes/0/authentication",
    says: 'Authentication "basic" of callers: its "username" is empty: the server will not start',
  },
  {
    text: document(`- { type: rest, namespace: api, port: 8080, authentication: { type: "digest", username: ann } }`),
    finds: "exposed-authentication warning /capability/exposes/0/authentication",
    says: 'Authentication "digest" of callers: its "password" is missing: the server will not start',
  },
  {
    text: document(
      `- { type: rest, namespace: api, port: 8080, authentication: { type: "oauth2", authorizationServerUri: "https://id.test", resource: "" } }`,
    ),
    finds: "exposed-authentication warning /capability/exposes/0/authentication",
    says: 'Authentication "oauth2" of callers: its "resource" is empty: the server will not start',
  },
  {
    text: document("- { type: agent-skill, namespace: x }"),
    finds: "adapter-kind warning /capability/exposes/0/type",
    says: '"agent-skill" is no type of server, and not served; did you mean "skill"?',
  },
  {
    text: document(`
- type: rest
  namespace: api
  port: 8080
  resources:
  - { path: "/items/{id}", operations: [{ method: GET, name: one, call: shop.get-item }] }
  - { path: "/items/{key}", operations: [{ method: GET, name: two, call: shop.get-item }] }`),
    finds: "route-unique warning /capability/exposes/0/resources/1/operations/0",
    says: 'Operation "two" is never called: Operation "one" has the route GET /items/{key} too',
  },
  {
    text: rest("call: shop.get-item, inputParameters: [{ name: id, in: path, pattern: '[0-9' }]"),
    finds: `exposed-input error ${at.operation}/inputParameters/0/pattern`,
    says: 'input "id": the pattern "[0-9" is no regular expression',
  },
  {
    text: rest("call: shop.get-item, inputParameters: [{ name: id, in: path, pattern: '(?=a)b' }]"),
    finds: `exposed-input warning ${at.operation}/inputParameters/0/pattern`,
    says: "looks around",
  },
  {
    text: rest("call: shop.put-item, inputParameters: [{ name: id, in: body, value: '$.a[' }]"),
    finds: `exposed-input error ${at.operation}/inputParameters/0/value`,
    says: 'has the malformed JSONPath "$.a["',
  },
  {
    text: rest("call: shop.get-item, inputParameters: [{ name: id, in: path }]", "/items"),
    finds: `exposed-input warning ${at.operation}/inputParameters/0/in`,
    says: "the route /items has no placeholder: it is read from the query",
  },
  {
    text: tool("call: shop.get-item, inputParameters: [{ name: id }, { name: id }]"),
    finds: `exposed-input warning ${at.tool}/inputParameters/1/name`,
    says: 'has the input "id" twice: the last one counts',
  },
  {
    text: tool("call: shop.get-item, with: { id: tools.id, pge: tools.page }"),
    finds: `with-name warning ${at.tool}/with/pge`,
    says: 'Tool "t" gives "shop.get-item" a "pge", which is no input of it; did you mean "page"?',
  },
  {
    text: steps("{ type: call, name: a, call: shop.put-item, with: { id: '1', titel: x } }"),
    finds: `with-name warning ${at.tool}/steps/0/with/titel`,
    says: 'did you mean "title"?',
  },
  {
    text: tool("call: shop.get-item, with: { id: '{{#id}}' }"),
    finds: `exposed-expression error ${at.tool}/with/id`,
    says: "Cannot read the template",
  },
  {
    text: tool("call: shop.get-item, with: { id: '{{filter.__proto__.a}}' }"),
    finds: `exposed-expression error ${at.tool}/with/id`,
    says: "asks for a member that no value has",
  },
  {
    text: tool(
      "call: shop.get-item, outputParameters: [{ type: object, properties: { a: { type: string, mapping: '$.a[' } } }]",
    ),
    finds: `exposed-expression error ${at.tool}/outputParameters/0/properties/a/mapping`,
    says: 'has the malformed JSONPath "$.a["',
  },
  {
    text: steps(CALL, ", mappings: [{ targetName: a, value: '$.a.b.foo(' }]"),
    finds: `exposed-expression error ${at.tool}/mappings/0/value`,
    says: "has the malformed JSONPath",
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-forEach: { items: '$.a[' } }"),
    finds: `exposed-expression error ${at.tool}/steps/0/x-forEach/items`,
    says: 'has the malformed JSONPath "$.a["',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-forEach: ['{{#a}}'] }"),
    finds: `exposed-expression error ${at.tool}/steps/0/x-forEach/0`,
    says: "Cannot read the template",
  },
  {
    text: tool("call: shop.get-item, with: { id: { '{{>a}}': 1 } }"),
    finds: `exposed-expression error ${at.tool}/with/id/{{>a}}`,
    says: "Cannot read the template",
  },
  {
    text: tool("call: shop.get-item, with: { id: $this.tools.id }"),
    finds: `exposed-expression warning ${at.tool}/with/id`,
    says: '"$this.tools.id" is an old form: write "tools.id"',
  },
  {
    text: document(
      "- { type: mcp, namespace: tools, port: 3001, tools: [{ ref: totals.get }] }",
      "- { namespace: totals, functions: [{ name: get, inputParameters: [{ name: id }], call: shop.get-item, with: { id: id } }] }",
    ),
    finds: "exposed-expression warning /capability/aggregates/0/functions/0/with/id",
    says: '"id" is read as the input of that name: write "{{id}}"',
  },
  {
    text: steps(CALL, ", mappings: [{ targetName: a.__proto__.b, value: $.a }]"),
    finds: `exposed-name error ${at.tool}/mappings/0/targetName`,
    says: 'maps to "a.__proto__.b": "__proto__" is no name of a member',
  },
  {
    text: steps("{ type: call, name: constructor, call: shop.get-item }"),
    finds: `exposed-name error ${at.tool}/steps/0/name`,
    says: 'has a step called "constructor"',
  },
  {
    text: steps(CALL, ", mappings: [{ targetName: a..b, value: $.a }]"),
    finds: `exposed-name error ${at.tool}/mappings/0/targetName`,
    says: "a part of it is empty",
  },
  {
    text: steps(`${CALL}, ${CALL}`),
    finds: `step-order error ${at.tool}/steps/1/name`,
    says: 'Tool "t" has two steps called "a"',
  },
  {
    text: steps(
      "{ type: call, name: a, call: shop.get-item, with: { id: '{{b.id}}' } }, { type: call, name: b, call: shop.get-item }",
    ),
    finds: `step-order error ${at.tool}/steps/0/with/id`,
    says: 'step "a" refers to step "b", which comes after it',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, with: { id: '{{a.id}}' } }"),
    finds: `step-order error ${at.tool}/steps/0/with/id`,
    says: 'step "a" refers to step "a", which is itself',
  },
  {
    text: steps(
      "{ type: call, name: a, call: shop.get-item, x-if: '$.b.ok == true' }, { type: call, name: b, call: shop.get-item }",
    ),
    finds: `step-order error ${at.tool}/steps/0/x-if`,
    says: 'refers to step "b", which comes after it',
  },
  {
    text: steps(
      "{ type: call, name: a, call: shop.get-item, x-forEach: $.b.ids }, { type: call, name: b, call: shop.get-item }",
    ),
    finds: `step-order error ${at.tool}/steps/0/x-forEach`,
    says: 'refers to step "b", which comes after it',
  },
  {
    text: steps(`${CALL}, { type: lookup, name: l, index: aa, match: id, lookupValue: x, outputParameters: [b] }`),
    finds: `step-order error ${at.tool}/steps/1/index`,
    says: 'step "l" searches in step "aa", which is not there; did you mean "a"?',
  },
  {
    text: steps(
      "{ type: call, name: get-a, call: shop.get-item }, { type: call, name: get-b, call: shop.get-item }",
      ", mappings: [{ targetName: a, value: $.gte-a.id }]",
    ),
    finds: `step-order warning ${at.tool}/mappings/0/value`,
    says: 'takes a value from step "gte-a", which is not there: it has none; did you mean "get-a" or "get-b"?',
  },
  {
    text: steps(`${CALL}, { type: call, name: b, call: shop.get-item, with: { id: "{{aa.id}}" } }`),
    finds: `step-order warning ${at.tool}/steps/1/with/id`,
    says: 'step "b" refers to "aa.id", which is no input and no step: it has no value; did you mean "a"?',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, with: { id: 'x-{{none}}' } }"),
    finds: `step-order warning ${at.tool}/steps/0/with/id`,
    says: 'refers to "none", which is no input and no step',
  },
  {
    text: steps(`${CALL}, { type: call, name: b, call: shop.get-item, x-if: "$.c.ok == true" }`),
    finds: `step-order warning ${at.tool}/steps/1/x-if`,
    says: 'refers to "c", which is no input and no step',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-forEach: { items: [1], as: n }, x-if: '$.n > 1' }"),
    finds: `step-extension error ${at.tool}/steps/0/x-if`,
    says: '"x-if" asks for the item of "x-forEach", before which it is decided: choose items by a filter in its path',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-retry: { attempts: 50 } }"),
    finds: `step-extension error ${at.tool}/steps/0/x-retry/attempts`,
    says: '"attempts" is number 50: write 1 to 10',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-if: '$.a ==' }"),
    finds: `step-extension error ${at.tool}/steps/0/x-if`,
    says: "has the malformed condition",
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-forEach: { as: b } }"),
    finds: `step-extension error ${at.tool}/steps/0/x-forEach`,
    says: "write the items, or a map with items",
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-forEach: { items: [1], concurrency: 0 } }"),
    finds: `step-extension error ${at.tool}/steps/0/x-forEach/concurrency`,
    says: "write 1 to 100",
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-retry: { attempts: many } }"),
    finds: `step-extension error ${at.tool}/steps/0/x-retry/attempts`,
    says: '"attempts" is string "many": write 1 to 10',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-foreach: [1] }"),
    finds: `step-extension warning ${at.tool}/steps/0/x-foreach`,
    says: '"x-foreach" is ignored; did you mean "x-forEach"?',
  },
  {
    text: tool("call: shop.get-item, with: { id: tools.id, region: '{{region}}' }").replace(
      "api.test",
      "{region}.api.test",
    ),
    finds: `with-name warning ${at.tool}/with/region`,
    says: 'Tool "t" lets callers choose "region", a part of the base URI',
  },
  {
    text: steps("{ type: call, name: a, call: shop.get-item, x-timeout: soon }"),
    finds: `step-extension error ${at.tool}/steps/0/x-timeout`,
    says: 'is string "soon": write milliseconds, or a time such as 5s',
  },
  {
    text: steps("{ type: script, name: s, language: python, location: 'file:///srv', file: a.py }"),
    finds: `script-usable error ${at.tool}/steps/0/language`,
    says: 'step "s" is written in "python", which does not run here: write it in JavaScript, or call an operation',
  },
  {
    text: steps("{ type: script, name: s, language: groovy, location: 'file:///srv', file: a.groovy }"),
    finds: `script-usable error ${at.tool}/steps/0/language`,
    says: 'is written in "groovy"',
  },
  {
    text: steps("{ type: script, name: s, location: 'file:///srv', file: a.js }"),
    finds: `script-usable error ${at.tool}/steps/0`,
    says: 'has no "language", and management.scripting has no "defaultLanguage"',
  },
  {
    text: steps("{ type: script, name: s, language: javascript, file: a.js }"),
    finds: `script-usable error ${at.tool}/steps/0`,
    says: 'has no "location"',
  },
  {
    text: steps("{ type: script, name: s, language: javascript, location: 'file:///srv', file: ../a.js }"),
    finds: `script-usable error ${at.tool}/steps/0/file`,
    says: 'names the file "../a.js"',
  },
  ...[
    [
      "{ uri: 'docs://a', location: 'file:///srv', call: shop.get-item }",
      "error",
      "call",
      'has "location" and "call": keep one',
    ],
    [
      "{ uri: 'docs://a', location: ./docs }",
      "error",
      "location",
      'the location "./docs", which is no folder: write file:///…',
    ],
    ["{ uri: 'docs://{a}', location: 'file:///srv' }", "error", "uri", "one with a location has no placeholders"],
    ["{ uri: orders, call: shop.get-item }", "warning", "uri", "has no scheme: clients may refuse it"],
    ["{ uri: 'data://{id', call: shop.get-item }", "error", "uri", "a brace has no counterpart"],
    ["{ uri: 'data://x{?id}', call: shop.get-item }", "error", "uri", '"{?id}" is no plain name'],
    ["{ uri: 'data://{id}/{id}', call: shop.get-item }", "error", "uri", '"{id}" is there twice'],
    ["{ uri: 'data://{id}{page}', call: shop.get-item }", "error", "uri", 'nothing stands before "{page}"'],
    [
      "{ uri: 'data://x', call: shop.gt-item }",
      "error",
      "call",
      'Resource "r" calls "shop.gt-item": "shop" has no such operation',
    ],
  ].map(([resource = "", severity, member, says = ""]) => ({
    text: mcp(`resources: [${resource.replace("{", "{ name: r,")}]`),
    finds: `${says.startsWith("Resource") ? "reference-known" : "resource-usable"} ${severity} /capability/exposes/0/resources/0/${member}`,
    says,
  })),
  {
    text: mcp(
      "resources: [{ name: a, uri: 'data://{id}', call: shop.get-item }, { name: b, uri: 'data://{page}', call: shop.get-item }]",
    ),
    finds: "resource-usable warning /capability/exposes/0/resources/1/uri",
    says: 'Resource "b" is never read: Resource "a" has the URI too',
  },
  ...[
    [
      "{ template: [{ role: user, content: x }], location: 'file:///srv/a.md' }",
      "error",
      "template",
      'has "location" and "template": keep one',
    ],
    ["{ location: a.md }", "error", "location", 'the location "a.md", which is no file: write file:///…'],
    [
      "{ arguments: [{ name: a }, { name: a }], template: [{ role: user, content: '{{a}}' }] }",
      "warning",
      "arguments/1/name",
      'has the argument "a" twice',
    ],
    [
      "{ arguments: [{ name: ticket }], template: [{ role: user, content: '{{ tickets }}' }] }",
      "warning",
      "template/0/content",
      'has "{{tickets}}", and no argument of this name: it stays as it is; did you mean "ticket"?',
    ],
  ].map(([prompt = "", severity, member, says = ""]) => ({
    text: mcp(`prompts: [${prompt.replace("{", "{ name: p,")}]`),
    finds: `prompt-usable ${severity} /capability/exposes/0/prompts/0/${member}`,
    says,
  })),
  {
    text: mcp("prompts: [{ name: p, template: [] }, { name: p, template: [] }]"),
    finds: "prompt-usable warning /capability/exposes/0/prompts/1/name",
    says: 'Prompt "p" is there twice: the first one is meant',
  },
];

describe("the rules about what is exposed", () => {
  it.each(cases)("$finds: $says", async ({ text, finds, says }) => {
    const result = await validate({ value: parse(text) as unknown }, kinds);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const found = checkExposed(result.document);
    expect(found.map(({ rule, severity, pointer }) => `${rule} ${severity} ${pointer}`)).toEqual([finds]);
    expect(found[0]?.message).toContain(says);
    expect(exposedRules.find(({ name }) => name === found[0]?.rule)?.kinds).toContain(found[0]?.severity);
  });

  it("are all tried", () => {
    const tried = new Set(cases.map(({ finds }) => finds.split(" ")[0]));
    expect(exposedRules.map(({ name }) => name).filter(name => !tried.has(name))).toEqual([]);
  });

  it("keep what is exposed from being served, and no consumed operation from being called", async () => {
    const runtime = await openTextRuntime(tool("call: shop.get-itm"));
    expect(runtime.findCallable("get-item")).toMatchObject({ method: "GET" });
    expect(() => runtime.exposed).toThrow('Tool "t" calls "shop.get-itm"');
    expect(() => runtime.findCallable("t")).toThrow(expect.objectContaining({ code: "CAPABILITY_INVALID" }));
  });
});
