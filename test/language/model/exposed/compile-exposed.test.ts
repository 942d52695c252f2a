import { describe, expect, it } from "vitest";
import type { Runtime } from "../../../../src/engine/runtime.ts";
import type { ScopeValue, Shape, Step, Unit, WithEntry } from "../../../../src/language/model/exposed/types.ts";
import { openTextRuntime } from "../../../support/open-text.ts";

interface Capability {
  /** Lines of the consumed operation `api.op`. */
  readonly operation?: string;
  readonly path?: string;
  readonly method?: string;
  readonly baseUri?: string;
  /** Lines of the consumed adapter. */
  readonly adapter?: string;
  readonly aggregates?: string;
  readonly exposes: string;
}

/** Opens a capability that consumes `api.op` and `api.other`, and binds the variables `STORE` and `TOKEN`. */
function open({ operation = "", path = "/", method = "GET", baseUri = "https://api.test", ...rest }: Capability) {
  const { adapter = "", aggregates = "", exposes } = rest;
  return openTextRuntime(`
naftiko: 1.0.0-alpha3
binds: [{ namespace: env, keys: { STORE: STORE, TOKEN: TOKEN } }]
capability:
  consumes:
  - type: http
    namespace: api
    baseUri: ${JSON.stringify(baseUri)}
${adapter.trim().replace(/^(?=.)/gm, "    ")}
    resources:
    - name: r
      path: ${JSON.stringify(path)}
      operations:
      - name: op
        method: ${method}
${operation.trim().replace(/^(?=.)/gm, "        ")}
    - { name: s, path: /other, operations: [{ name: other, method: GET, inputParameters: [{ name: q, in: query }] }] }
${aggregates === "" ? "" : `  aggregates:\n${aggregates.trim().replace(/^/gm, "  ")}`}
  exposes:
${exposes.trim().replace(/^/gm, "  ")}
`);
}

/** Writes a REST server with one operation. */
function rest(members: string, { method = "GET", path = "/things", resource = "" } = {}): string {
  return `
- type: rest
  namespace: shop-rest
  port: 8080
  resources:
  - path: ${JSON.stringify(path)}
    ${resource}
    operations: [{ name: unit, method: ${method}, ${members} }]`;
}

/** Writes a server with one tool. */
function tool(members: string): string {
  return `- { type: mcp, namespace: shop-tools, port: 9090, tools: [{ name: unit, ${members} }] }`;
}

function unitOf(runtime: Runtime, name = "unit"): Unit {
  const found = runtime.findCallable(name);
  if (!("work" in found)) throw new Error(`${name} is a consumed operation`);
  return found;
}

/** Writes inputs as `name: place type`, with `!` where one is required. */
function inputsOf({ inputs }: Unit): string[] {
  return [...inputs.values()].map(({ name, in: location, placeholder, type, required, constant }) => {
    const place = placeholder === undefined ? location : `${location}{${placeholder}}`;
    const fixed = constant === undefined ? "" : ` = ${JSON.stringify(constant)}`;
    return `${name}: ${place === undefined ? "" : `${place} `}${type}${required ? "!" : ""}${fixed}`;
  });
}

/** Writes values as `name = value`: `@input`, `step:path`, a template or JSON. */
function valuesOf(entries: readonly WithEntry[]): string[] {
  return entries.map(({ name, value }) => `${name} = ${textOf(value)}`);
}

function textOf(value: ScopeValue): string {
  switch (value.kind) {
    case "input":
      return `@${value.name}`;
    case "path":
      return `${value.step ?? "*"}:${value.path.steps.map(step => ("name" in step ? step.name : step.kind)).join(".")}`;
    case "constant":
      return JSON.stringify(value.value);
    case "text":
    case "value":
      return value.template.parts
        .map(part => {
          if (typeof part === "string") return part;
          if (part.kind === "input") return `<${[part.name, ...part.members].join("/")}>`;
          return part.kind === "bind" ? `<env ${part.variable.name}>` : `<${part.kind}>`;
        })
        .join("");
    case "array":
      return `[${value.items.map(textOf).join(", ")}]`;
    case "object":
      return `{${value.members.map(([name, member]) => `${name.text}: ${textOf(member)}`).join(", ")}}`;
  }
}

function callOf(unit: Unit): readonly WithEntry[] {
  if (unit.work.kind === "mock") throw new Error("It is a mock");
  return unit.work.with;
}

function stepsOf({ work }: Unit): readonly Step[] {
  if (work.kind !== "steps") throw new Error(`It is a ${work.kind}`);
  return work.steps;
}

const TWO = `inputParameters:
- { name: limit, in: query, type: integer, description: Most, minimum: 1 }
- { name: X-Kind, in: header, required: true, type: string }`;

const derived: readonly (Capability & { what: string; shapes: readonly string[]; values?: readonly string[] })[] = [
  {
    what: "all parameters without `with`, where the consumed one is",
    operation: TWO,
    exposes: rest("call: api.op"),
    shapes: ["limit: query integer", "X-Kind: header string!"],
    values: ["limit = @limit", "X-Kind = @X-Kind"],
  },
  {
    what: "references of `with`, under their own names, and what is required besides",
    operation: TWO,
    exposes: rest("call: api.op, with: { limit: rest.most }"),
    shapes: ["most: query integer", "X-Kind: header string!"],
    values: ["limit = @most", "X-Kind = @X-Kind"],
  },
  {
    what: "references by the namespace of the server",
    operation: TWO,
    exposes: tool("call: api.op, with: { limit: shop-tools.most, X-Kind: mcp.kind }"),
    shapes: ["most: integer", "kind: string!"],
    values: ["limit = @most", "X-Kind = @kind"],
  },
  {
    what: "no reference of an unknown namespace, which is a literal",
    operation: TWO,
    exposes: tool("call: api.op, with: { limit: 5, X-Kind: application.json }"),
    shapes: [],
    values: ["limit = 5", 'X-Kind = "application.json"'],
  },
  {
    what: "names with dots, split at the first one",
    operation: `inputParameters: [{ name: action.type, in: query, type: string }]`,
    exposes: tool("call: api.op, with: { action.type: tools.action.type }"),
    shapes: ["action.type: string"],
    values: ["action.type = @action.type"],
  },
  {
    what: "placeholders of the path, by names, names but for signs and case, and order",
    path: "/a/{companyId}/b/{team_id}/c/{x}",
    exposes: rest("call: api.op, with: { companyId: rest.companyId }", {
      path: "/v1/a/{companyid}/b/{team-id}/c/{other}",
    }),
    shapes: ["companyId: path{companyid} string!", "team_id: path{team-id} string!", "x: path{other} string!"],
  },
  {
    what: "placeholders that the route has lost, from the query",
    path: "/orders/{order_id}/items/{id}.json",
    exposes: rest("call: api.op", { path: "/v1/orders/{order-id}/items/id-json" }),
    shapes: ["order_id: path{order-id} string!", "id: query string!"],
  },
  {
    what: "no parameters with a value, headers of the transport and the header of the credential",
    adapter: 'authentication: { type: apikey, key: X-Key, value: "{{TOKEN}}" }',
    operation: `inputParameters:
- { name: fixed, in: query, value: x }
- { name: Host, in: header, required: true }
- { name: x-key, in: header, required: true }
- { name: Authorization, in: header, required: true }
- { name: q, in: query }`,
    exposes: tool("call: api.op, with: { Authorization: tools.Authorization }"),
    shapes: [],
    values: [],
  },
  {
    what: "the header Authorization if the API has no authentication",
    adapter: 'inputParameters: [{ name: X-Key, in: header, value: "{{TOKEN}}" }]',
    operation: "inputParameters: [{ name: Authorization, in: header, required: true, type: string }]",
    exposes: tool("call: api.op"),
    shapes: ["Authorization: string!"],
    values: ["Authorization = @Authorization"],
  },
  {
    what: "names of a body's template: from the body, or the query of a GET",
    method: "POST",
    operation: `body: '{ "title": "{{title}}" }'`,
    exposes: rest("call: api.op", { method: "POST" }),
    shapes: ["title: body any"],
    values: ["title = @title"],
  },
  {
    what: "the whole body",
    method: "POST",
    operation: "inputParameters: [{ name: body, in: body, type: object, required: true }]",
    exposes: rest("call: api.op, with: { body: rest.body }", { method: "POST" }),
    shapes: ["body: body object!"],
    values: ["body = @body"],
  },
  {
    what: "no placeholders of the base URI, which a variable of their name fills",
    baseUri: "https://{store}.api.test/{tenantId}",
    operation: "inputParameters: [{ name: q, in: query, type: string }]",
    exposes: tool("call: api.op"),
    shapes: ["q: string"],
    values: ["q = @q", "store = <env STORE>", "tenantId = <undeclared>"],
  },
  {
    what: "no placeholders of the base URI that `with` takes from a caller",
    baseUri: "https://{region}.api.test",
    exposes: tool("call: api.op, with: { region: tools.region }"),
    shapes: [],
    values: ["region = <undeclared>"],
  },
  {
    what: "no placeholders of the base URI, for which `with` may have a literal or a variable",
    baseUri: "https://{region}.{site}.api.test",
    exposes: tool("call: api.op, with: { region: eu, site: '{{TOKEN}}' }"),
    shapes: [],
    values: ['region = "eu"', "site = <env TOKEN>"],
  },
];

const declared: readonly (Capability & { what: string; shapes: readonly string[]; values?: readonly string[] })[] = [
  {
    what: "inputs of a tool are required unless the file says otherwise",
    operation: TWO,
    exposes: tool(
      "call: api.op, inputParameters: [{ name: a, type: integer }, { name: limit, type: integer, required: false }]",
    ),
    shapes: ["a: integer!", "limit: integer"],
    values: ["limit = @limit"],
  },
  {
    what: "inputs of the path alone are required",
    path: "/things/{id}",
    exposes: rest(
      "call: api.op, inputParameters: [{ name: thing_id, in: path, type: string }, { name: q, in: query, type: number }, { name: c, in: cookie, type: boolean, required: true }]",
      { path: "/things/{thing-id}" },
    ),
    shapes: ["thing_id: path{thing-id} string!", "q: query number", "c: cookie boolean!"],
  },
  {
    what: "inputs of an operation replace those of its resource, and constants replace what callers give",
    operation: TWO,
    exposes: rest("call: api.op, inputParameters: [{ name: limit, in: header, type: integer, value: 7 }]", {
      resource:
        "inputParameters: [{ name: limit, in: query, type: integer }, { name: X-Kind, in: query, type: string }]",
    }),
    shapes: ["limit: header integer = 7", "X-Kind: query string"],
    values: ["limit = @limit", "X-Kind = @X-Kind"],
  },
  {
    what: "templates and references keep types, members and literals",
    operation: `inputParameters:
- { name: a, in: query }
- { name: b, in: query }
- { name: c, in: query }
- { name: d, in: query }
- { name: e, in: query }
- { name: f, in: query }`,
    exposes: tool(
      "call: api.op, inputParameters: [{ name: filter, type: object }, { name: x, type: string }], with: { a: '{{filter}}', b: '{{filter.city}}', c: 'x-{{x}}', d: $this.shop-tools.x, e: { list: [tools.x, '{{TOKEN}}'] }, f: tools.filter.city }",
    ),
    shapes: ["filter: object!", "x: string!"],
    values: [
      "a = <filter>",
      "b = <filter/city>",
      "c = x-<x>",
      "d = @x",
      "e = {list: [<x>, <env TOKEN>]}",
      "f = <filter/city>",
    ],
  },
];

describe("compileExposed()", () => {
  it.each(derived)("derives $what", async ({ shapes, values, ...capability }) => {
    const unit = unitOf(await open(capability));
    expect(inputsOf(unit)).toEqual(shapes);
    if (values !== undefined) expect(valuesOf(callOf(unit))).toEqual(values);
  });

  it.each(declared)("reads $what", async ({ shapes, values, ...capability }) => {
    const unit = unitOf(await open(capability));
    expect(inputsOf(unit)).toEqual(shapes);
    if (values !== undefined) expect(valuesOf(callOf(unit))).toEqual(values);
  });

  it("gives inputs the schemas of their patterns and of the parameters that they fill", async () => {
    const runtime = await open({
      operation: TWO,
      exposes: rest(
        "call: api.op, inputParameters: [{ name: limit, in: query, type: integer }, { name: n, in: query, type: string, pattern: '^[a-z]+$' }]",
      ),
    });
    const { inputs } = unitOf(runtime);
    expect(inputs.get("limit")?.schemas).toEqual([{ minimum: 1 }]);
    expect(inputs.get("n")?.schemas).toEqual([{ pattern: "^[a-z]+$" }]);
  });

  it("reads a value of the body by its path", async () => {
    const runtime = await open({
      method: "POST",
      operation: `body: '{ "id": "{{userId}}" }'`,
      exposes: rest("call: api.op, inputParameters: [{ name: userId, in: body, type: string, value: $.user.id }]", {
        method: "POST",
      }),
    });
    const unit = unitOf(runtime);
    expect(unit.inputs.get("userId")).toMatchObject({ bodyPath: { text: "$.user.id" }, constant: undefined });
    expect(valuesOf(callOf(unit))).toEqual(["userId = @userId"]);
  });

  it("tells operations of one name apart by routes, and by their order", async () => {
    const runtime = await openTextRuntime(`
naftiko: 1.0.0-alpha2
capability:
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.test
    resources:
    - { name: a, path: "/a/{id}", operations: [{ name: get, method: GET }, { name: get, method: POST }] }
    - { name: b, path: "/b/{id}", operations: [{ name: get, method: GET }] }
  exposes:
  - type: rest
    namespace: api-rest
    port: 8080
    resources:
    - { path: "/v1/b/{id}", operations: [{ name: b, method: GET, call: api.get }] }
    - { path: "/v1/a/{id}", operations: [{ name: c, method: POST, call: api.get }, { name: d, method: GET, call: api.get }] }
    - { path: "/long", operations: [{ name: e, method: GET, call: api.b.get }] }
  - type: mcp
    namespace: api-mcp
    port: 9090
    tools: [{ name: one, call: api.get }, { name: two, call: api.get }, { name: three, call: api.get }, { name: four, call: api.get }]
`);
    const called = ["b", "c", "d", "e", "one", "two", "three", "four"].map(name => {
      const { work } = unitOf(runtime, name);
      return work.kind === "call" ? `${name} ${work.operation.method} ${work.operation.path}` : work.kind;
    });
    expect(called).toEqual([
      "b GET /b/{id}",
      "c POST /a/{id}",
      "d GET /a/{id}",
      "e GET /b/{id}",
      "one GET /a/{id}",
      "two POST /a/{id}",
      "three GET /b/{id}",
      "four GET /a/{id}",
    ]);
  });
});

const FUNCTIONS = `
- namespace: totals
  label: Totals
  functions:
  - name: get
    description: Reads a total
    semantics: { safe: true, idempotent: true }
    inputParameters: [{ name: id, type: string, description: Number }, { name: page, type: integer, required: false }]
    call: api.op
    with: { id: totals.id, limit: page }
  - { name: put, semantics: { safe: false }, call: api.op }
  - { name: say, inputParameters: [{ name: who, type: string }], outputParameters: [{ name: text, value: "Hi {{who}} {{TOKEN}}" }] }`;

const OP = { path: "/things/{id}", operation: TWO, aggregates: FUNCTIONS };

describe("references to functions", () => {
  it("inherit name, description, inputs and hints", async () => {
    const runtime = await open({
      ...OP,
      exposes:
        "- { type: mcp, namespace: shop-tools, port: 9090, tools: [{ ref: totals.get, hints: { openWorld: true, readOnly: false } }, { ref: totals.put, name: put-it, description: Writes }] }",
    });
    const unit = unitOf(runtime, "shop-tools.get");
    expect(unit).toMatchObject({ kind: "tool", name: "get", description: "Reads a total" });
    expect(unit.hints).toEqual({ readOnly: false, destructive: false, idempotent: true, openWorld: true });
    expect(inputsOf(unit)).toEqual(["id: string!", "page: integer"]);
    expect(unit.work).toMatchObject({ kind: "function", target: { reference: "totals.get" } });
    expect(valuesOf(callOf(unit))).toEqual(["id = @id", "page = @page"]);
    const put = unitOf(runtime, "put-it");
    expect(put).toMatchObject({ description: "Writes", hints: { readOnly: false } });
    expect(put.hints).not.toHaveProperty("destructive");
  });

  it.each([
    { method: "GET", shapes: ["id: path{id} string!", "page: query integer"] },
    { method: "DELETE", shapes: ["id: path{id} string!", "page: query integer"] },
    { method: "POST", shapes: ["id: path{id} string!", "page: body integer"] },
  ])("place the inputs of a function in a $method request", async ({ method, shapes }) => {
    const runtime = await open({ ...OP, exposes: rest("ref: totals.get", { method, path: "/totals/{id}" }) });
    expect(inputsOf(unitOf(runtime))).toEqual(shapes);
  });

  it("give the function what `with` says, by the namespace of the server", async () => {
    const runtime = await open({
      ...OP,
      exposes: tool(
        "ref: totals.get, inputParameters: [{ name: key, type: string }], with: { id: shop-tools.key, page: 2 }",
      ),
    });
    const unit = unitOf(runtime);
    expect(inputsOf(unit)).toEqual(["key: string!"]);
    expect(valuesOf(callOf(unit))).toEqual(["id = @key", "page = 2"]);
  });

  it.each([
    { written: "{ id: fixed }", shapes: ["id: string", "page: integer"] },
    { written: "{ id: '{{env.TOKEN}}' }", shapes: ["id: string", "page: integer"] },
    { written: "{ id: shop-tools.id }", shapes: ["id: string!", "page: integer"] },
    { written: "{ id: 'x-{{id}}' }", shapes: ["id: string!", "page: integer"] },
  ])("need no input of callers that `with` fills itself: $written", async ({ written, shapes }) => {
    const runtime = await open({ ...OP, exposes: tool(`ref: totals.get, with: ${written}`) });
    expect(inputsOf(unitOf(runtime))).toEqual(shapes);
  });

  it("have bare names of inputs in functions as references, and nowhere else", async () => {
    const runtime = await open({
      ...OP,
      exposes: tool("call: api.op, inputParameters: [{ name: page, type: string }], with: { limit: page }"),
    });
    expect(valuesOf(callOf(unitOf(runtime, "totals.get")))).toEqual(["limit = @page", "id = @id"]);
    expect(valuesOf(callOf(unitOf(runtime)))).toEqual(['limit = "page"']);
  });

  it("keep variables out of outputs", async () => {
    const runtime = await open({ ...OP, exposes: tool("ref: totals.say") });
    const [shape] = unitOf(runtime).outputs as readonly [Shape];
    expect(shape).toMatchObject({ name: "text", type: "any" });
    expect(shape.source?.kind === "value" && textOf(shape.source.content)).toBe("Hi <who> <TOKEN>");
  });
});

describe("steps", () => {
  const STEPS = `steps: [
  { type: call, name: first, call: api.op, with: { limit: "{{n}}" } },
  { type: call, name: free, call: api.other },
  { type: call, name: second, call: api.op, with: { limit: "{{first.size}}", X-Kind: $.first.kind } },
  { type: lookup, name: found, index: free, match: id, lookupValue: $.second.ids, outputParameters: [a] },
  { type: call, name: guarded, call: api.other, with: { q: shop-tools.n }, x-if: "$.found.a == 'x' && $.n > 1" },
  { type: call, name: looped, call: api.other, with: { q: "{{it.id}}" }, x-forEach: { items: $.free.list, as: it } },
  { type: call, name: q, call: api.op, x-retry: 2, x-timeout: 5s, x-continueOnError: true },
  { type: call, name: same, call: api.other },
  { type: script, name: script, language: javascript, location: "file:///srv/scripts", file: a.js, with: { n: "{{n}}" } } ],
  mappings: [{ targetName: a.b, value: $.found }, { targetName: c, value: "{{$.second.kind}}" }, { targetName: all, value: $. }]`;
  const opened = () =>
    open({ operation: TWO, exposes: tool(`inputParameters: [{ name: n, type: integer }], ${STEPS}`) });

  it("use the steps that they refer to", async () => {
    const steps = stepsOf(unitOf(await opened()));
    expect(steps.map(({ name, uses }) => `${name}: ${uses.join(" ")}`)).toEqual([
      "first: ",
      "free: ",
      "second: first",
      "found: free second",
      "guarded: found",
      "looped: free",
      "q: ",
      "same: q",
      "script: first free second found guarded looped q same",
    ]);
  });

  it("have values, extensions and limits", async () => {
    const steps = stepsOf(unitOf(await opened()));
    const values = Object.fromEntries(
      steps.map(step => [step.name, step.type === "lookup" ? [textOf(step.value)] : valuesOf(step.with)]),
    );
    expect(values).toEqual({
      first: ["limit = <n>"],
      free: [],
      second: ["limit = <first/size>", "X-Kind = first:kind"],
      found: ["second:ids"],
      guarded: ["q = @n"],
      looped: ["q = <it/id>"],
      q: [],
      same: ["q = q:"],
      script: ["n = <n>"],
    });
    const [, , , , , looped, retried, , script] = steps;
    expect(looped?.forEach).toMatchObject({ as: "it", concurrency: 10, maximum: 1000 });
    expect(retried).toMatchObject({
      retry: { attempts: 2, delayMs: 0 },
      timeoutMs: 5000,
      continueOnError: true,
    });
    expect(script).toMatchObject({
      language: "javascript",
      location: "file:///srv/scripts",
      file: "a.js",
    });
  });

  it("map to members that nest", async () => {
    const { work } = unitOf(await opened());
    const mappings = work.kind === "steps" ? work.mappings : [];
    expect(mappings.map(({ target, value }) => `${target.join("/")} = ${textOf(value)}`)).toEqual([
      "a/b = found:",
      "c = second:kind",
      "all = *:",
    ]);
  });

  it("take paths that begin with no step from the only call", async () => {
    const runtime = await open({
      exposes: tool("steps: [{ type: call, name: one, call: api.op }], mappings: [{ targetName: a, value: $.name }]"),
    });
    const { work } = unitOf(runtime);
    expect(work.kind === "steps" && work.mappings.map(({ value }) => textOf(value))).toEqual(["one:name"]);
  });
});

describe("the newer generation", () => {
  it("has maps in place of lists", async () => {
    const runtime = await openTextRuntime(`
ikanos: "1.0.0-beta5"
capability:
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.test
    resources: { things: { path: "/things/{id}", operations: { get: { method: GET } } } }
  aggregates:
  - display: Things
    namespace: things
    flows:
      whole:
        inputParameters: { id: { type: string } }
        steps:
          thing: { type: call, call: api.get, with: { id: "{{id}}" } }
          names: { type: lookup, index: thing, match: id, lookupValue: "{{id}}", outputParameters: [name] }
        mappings: [{ target: name, value: $.names.name }]
        outputParameters:
          name: { type: string }
          list: { type: array, items: { type: { type: string }, name: { type: string } } }
  exposes:
  - type: mcp
    namespace: tools
    port: 3001
    tools: { whole-thing: { ref: things.whole }, pong: { outputParameters: { answer: { type: string, value: pong } } } }
`);
    const unit = unitOf(runtime, "whole-thing");
    expect(inputsOf(unit)).toEqual(["id: string!"]);
    const flow = unitOf(runtime, "things.whole");
    expect(stepsOf(flow).map(({ name, uses }) => [name, ...uses])).toEqual([["thing"], ["names", "thing"]]);
    const list = flow.outputs?.[1];
    expect([...(list?.items?.properties?.keys() ?? [])]).toEqual(["type", "name"]);
    expect(unitOf(runtime, "pong").work).toEqual({ kind: "mock" });
  });
});

describe("findCallable()", () => {
  const named = () =>
    open({
      ...OP,
      exposes: `${tool("ref: totals.get")}${rest("ref: totals.get", { path: "/units/{id}" })}
- { type: mcp, namespace: other-tools, port: 9091, tools: [{ name: get, ref: totals.get }, { name: op, ref: totals.get }] }`,
    });

  it.each([
    ["op", "op"],
    ["api.op", "op"],
    ["GET /things/{id}", "op"],
    ["get", "totals.get"],
    ["unit", "shop-tools.unit"],
    ["shop-rest.unit", "shop-rest.unit"],
    ["get /units/{id}", "shop-rest.unit"],
    ["other-tools.get", "other-tools.get"],
    ["other-tools.op", "other-tools.op"],
  ])("finds by %j what is called %j", async (reference, found) => {
    expect((await named()).findCallable(reference).reference).toBe(found);
  });

  it("suggests names of both kinds", async () => {
    const runtime = await named();
    expect(() => runtime.findCallable("shop-tools.unti")).toThrow('did you mean "shop-tools.unit"');
    expect(() => runtime.findCallable("othr")).toThrow('did you mean "other"');
  });
});

describe("servers", () => {
  it("have their defaults, and texts in which only variables stand", async () => {
    const runtime = await open({
      exposes: `
- type: rest
  namespace: shop-rest
  port: 0
  authentication: { type: apikey, key: X-Key, value: "{{TOKEN}}" }
  resources: [{ path: "things/{{a-b}}/{path}", forward: { targetNamespace: api, trustedHeaders: [X-Id] } }]
- { type: mcp, namespace: shop-tools, transport: stdio, tools: [] }
- { type: agent-skill, namespace: x }
- { type: control, port: 9190, observability: { exporters: { otlp: { endpoint: "{{env.STORE}}" } } } }`,
    });
    const [first, second, third] = runtime.exposed.adapters;
    expect(first).toMatchObject({
      type: "rest",
      port: 0,
      address: undefined,
      authentication: { type: "apikey", key: "X-Key", placement: "header" },
      resources: [
        {
          segments: ["/things/", { placeholder: "a-b" }, "/", { placeholder: "path" }],
          forward: { adapter: { namespace: "api" }, trustedHeaders: ["x-id"] },
        },
      ],
    });
    expect(first?.authentication?.fields.get("value")?.parts).toMatchObject([{ kind: "bind" }]);
    expect(second).toMatchObject({ type: "mcp", transport: "stdio", port: undefined });
    expect(third).toMatchObject({
      type: "control",
      management: { health: true, info: false, logs: undefined, scripting: undefined },
      observability: { enabled: true, metrics: true, sampling: 1, propagation: "w3c", traceBuffer: 100 },
    });
  });

  it("that do not keep to the schema are left out, and the others are there", async () => {
    const runtime = await open({
      exposes: `${tool("call: api.op")}\n- { type: rest, namespace: broken, port: many }`,
    });
    expect(runtime.exposed.adapters.map(({ type }) => type)).toEqual(["mcp"]);
  });
});
