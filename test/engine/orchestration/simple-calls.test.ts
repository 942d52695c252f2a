import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Exposed, openExposed } from "../../support/open-exposed.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const TEXT = `
binds: [ { namespace: env, keys: { REGION: REGION } } ]
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: https://api.test
      resources:
        - name: all
          path: /echo
          operations:
            - name: echo
              method: GET
              inputParameters:
                - { name: q, in: query, type: string }
                - { name: n, in: query, type: integer }
                - { name: tags, in: query, type: array }
                - { name: X-Q, in: header }
            - name: named
              method: GET
              outputParameters: [ { name: path, type: string, value: $.url } ]
            - { name: send, method: POST, inputParameters: [ { name: body, in: body, type: object } ] }
        - name: status
          path: /status/{code}
          operations: [ { name: status, method: GET } ]
  aggregates:
    - label: Functions
      namespace: f
      functions:
        - name: echo
          description: Echoes
          inputParameters: [ { name: text, type: string, description: Text } ]
          call: api.echo
          with: { q: f.text }
          outputParameters: [ { type: object, properties: { url: { type: string, mapping: $.url } } } ]
        - name: hello
          description: Greets
          inputParameters: [ { name: name, type: string, description: Name }, { name: n, type: integer, description: Count, required: false } ]
          outputParameters:
            - { name: message, type: string, value: "Hello, {{name}}!" }
            - { name: count, type: number, value: "{{n}}" }
            - { name: fixed, type: number, value: "5" }
            - { name: flag, type: boolean, value: "true" }
            - { name: nothing, type: string }
            - { name: tags, type: array, items: { type: string, value: a } }
            - { name: deep, type: object, properties: { inner: { type: string, value: "{{name}}" }, none: { type: string } } }
  exposes:
    - type: mcp
      transport: stdio
      namespace: tools
      tools:
        - name: search
          description: Searches
          inputParameters:
            - { name: text, type: string, description: Text }
            - { name: limit, type: integer, description: Limit, required: false }
          call: api.echo
          with: { q: "{{text}}", n: tools.limit, tags: [ fixed, "{{text}}" ], X-Q: "at {{REGION}}" }
          outputParameters: [ { type: object, properties: { url: { type: string, mapping: $.url }, header: { type: string, mapping: "$.headers['x-q']" } } } ]
        - { name: plain, description: Plain, call: api.echo }
        - name: whole
          description: Whole
          call: api.echo
          outputParameters: [ { type: object, mapping: $. } ]
        - name: named
          description: Named
          call: api.named
          outputParameters: [ { name: path, type: string, mapping: $.path }, { name: method, type: string, mapping: $.method } ]
        - name: status
          description: Status
          inputParameters: [ { name: code, type: integer, description: Code } ]
          call: api.status
          outputParameters: [ { type: object, properties: { found: { type: boolean, mapping: $.found } } } ]
        - name: send
          description: Sends
          inputParameters: [ { name: a, type: number, description: A }, { name: b, type: object, description: B, required: false } ]
          call: api.send
          with: { body: { a: "{{a}}", b: "{{b}}", c: [ "{{b}}", x ] } }
          outputParameters: [ { name: body, type: string, mapping: $.body } ]
        - { name: echo, ref: f.echo, description: Echo, inputParameters: [ { name: said, type: string, description: Said } ], with: { text: tools.said } }
        - { name: hello, ref: f.hello }
        - { name: empty, description: Empty, outputParameters: [ { name: a, type: string } ] }
        - name: one
          description: One
          outputParameters: [ { type: object, properties: { a: { type: string, value: x } } } ]
        - name: unnamed
          description: Unnamed
          outputParameters: [ { type: string, value: x } ]
`;

let upstream: Upstream;
let exposed: Exposed;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const code = /^\/status\/(\d+)$/.exec(request.url)?.[1];
    if (code === "204") response.writeHead(204).end();
    else answerJson(response, Number(code ?? 200), code === undefined ? request : { found: code === "200", no: 1 });
  });
  exposed = await openExposed(TEXT, upstream.url, { env: { REGION: "eu" } });
});

afterAll(async () => {
  await exposed.runtime.close();
  await upstream.close();
});

describe("callUnit()", () => {
  it.each<[reference: string, inputs: Record<string, unknown>, value: unknown]>([
    ["tools.search", { text: "a b" }, { url: "/echo?q=a%20b&tags=fixed&tags=a%20b", header: "at eu" }],
    ["tools.search", { text: "x", limit: "7" }, { url: "/echo?q=x&n=7&tags=fixed&tags=x", header: "at eu" }],
    ["tools.plain", { q: "x" }, expect.objectContaining({ url: "/echo?q=x" })],
    ["tools.whole", { q: "x" }, expect.objectContaining({ url: "/echo?q=x" })],
    ["tools.named", {}, { path: "/echo", method: "GET" }],
    ["tools.status", { code: 200 }, { found: true }],
    ["tools.send", { a: 1 }, { body: '{"a":1,"c":["x"]}' }],
    ["tools.send", { a: "1.50", b: { d: [1] } }, { body: '{"a":1.50,"b":{"d":[1]},"c":[{"d":[1]},"x"]}' }],
    ["tools.echo", { said: "x" }, { url: "/echo?q=x" }],
    ["f.echo", { text: "x" }, { url: "/echo?q=x" }],
    [
      "tools.hello",
      { name: "Ada", n: 3 },
      {
        message: "Hello, Ada!",
        count: 3,
        fixed: 5,
        flag: true,
        tags: ["a"],
        deep: { inner: "Ada" },
      },
    ],
    ["f.hello", { name: "{{n}}" }, expect.objectContaining({ message: "Hello, {{n}}!", count: "" })],
    ["tools.one", {}, { a: "x" }],
    ["tools.unnamed", {}, { value: "x" }],
  ])("calls %s with %j", async (reference, inputs, value) => {
    expect(await exposed.value(reference, inputs)).toEqual(value);
  });

  it.each<[reference: string, inputs: Record<string, unknown>, status: number, isEmpty: boolean]>([
    ["tools.status", { code: 201 }, 201, false],
    ["tools.status", { code: 204 }, 204, true],
    ["tools.hello", { name: "x" }, 200, false],
    ["tools.empty", {}, 204, true],
  ])("gives %s of %j the status %d", async (reference, inputs, status, isEmpty) => {
    expect(await exposed.call(reference, inputs)).toMatchObject({ kind: "value", status, isEmpty, failures: [] });
  });

  it.each<[reference: string, inputs: Record<string, unknown>, error: object]>([
    ["tools.search", {}, { code: "INPUT_MISSING", details: { operation: "search", inputs: ["text"] } }],
    ["tools.search", { text: "x", q: "y" }, { code: "INPUT_UNKNOWN", details: { inputs: ["q"] } }],
    [
      "tools.search",
      { text: ["x"], limit: "many" },
      { code: "INPUT_INVALID", details: { input: "text", inputs: ["text", "limit"] } },
    ],
    ["tools.status", { code: 404 }, { code: "HTTP_STATUS", details: { status: 404, body: { found: false, no: 1 } } }],
  ])("fails for %s with %j", async (reference, inputs, error) => {
    await expect(exposed.call(reference, inputs)).rejects.toMatchObject(error);
  });

  it("gives bytes where no outputs are declared, or the whole body is the output", async () => {
    const plain = await exposed.call("tools.plain", { q: "x" }, { form: "bytes" });
    expect(plain).toMatchObject({ kind: "bytes", status: 200, contentType: "application/json" });
    const whole = await exposed.call("tools.whole", { q: "x" }, { form: "reply" });
    expect(whole).toMatchObject({ kind: "bytes", status: 200, contentType: "application/json" });
    const shaped = await exposed.call("tools.status", { code: 200 }, { form: "bytes" });
    expect(shaped).toMatchObject({ kind: "value", value: { found: true } });
  });

  it("passes on an error of the API to a reader of replies", async () => {
    const answer = await exposed.call("tools.status", { code: 404 }, { form: "reply" });
    expect(answer).toMatchObject({ kind: "bytes", status: 404, contentType: "application/json" });
    expect(answer.kind === "bytes" && String(Buffer.from(answer.body ?? []))).toBe('{"found":false,"no":1}');
  });

  it("needs the variables of `with`", async () => {
    const other = await openExposed(TEXT, upstream.url);
    await expect(other.call("tools.search", { text: "x" })).rejects.toMatchObject({
      code: "BIND_MISSING",
      details: { operation: "search", variables: ["REGION"] },
    });
    await other.runtime.close();
  });
});
