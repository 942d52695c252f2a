import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RestServer, serveRest } from "../../support/serve-rest.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const CAPABILITY = `
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources:
        - name: things
          path: /things/{{id}}
          operations:
            - name: get
              method: GET
              inputParameters:
                - { name: id, in: path }
                - { name: n, in: query, type: integer }
                - { name: b, in: query, type: boolean }
                - { name: list, in: query, type: array }
                - { name: filter, in: query, type: object }
                - { name: X-Trace, in: header }
                - { name: session, in: cookie }
        - name: notes
          path: /notes
          operations:
            - { name: add, method: POST, inputParameters: [ { name: title, in: body }, { name: count, in: body, type: number }, { name: tags, in: body, type: array } ] }
            - { name: whole, method: PUT, inputParameters: [ { name: body, in: body, type: object } ] }
            - { name: text, method: PATCH, inputParameters: [ { name: body, in: body, type: string }, { name: Content-Type, in: header, value: text/plain } ] }
        - name: form
          path: /form
          operations:
            - { name: send, method: POST, body: { type: formUrlEncoded, data: { a: "{{a}}" } }, inputParameters: [ { name: a, in: body } ] }
  exposes:
    - type: rest
      port: 8080
      namespace: t
      inputParameters: [ { name: tenant, in: header, type: integer } ]
      resources:
        - { path: "/tenant/{id}", operations: [ { method: GET, inputParameters: [ { name: id, in: path, type: string } ], call: api.get, with: { id: t.id, n: t.tenant } } ] }
        - path: /things/{id}
          operations:
            - method: GET
              name: get
              inputParameters:
                - { name: id, in: path, type: string, pattern: "^[^!]*$" }
                - { name: n, in: query, type: integer }
                - { name: b, in: query, type: boolean }
                - { name: list, in: query, type: array }
                - { name: filter, in: query, type: object }
                - { name: X-Trace, in: header, type: string }
                - { name: session, in: cookie, type: string }
              call: api.get
              with: { id: t.id, n: t.n, b: t.b, list: t.list, filter: t.filter, X-Trace: t.X-Trace, session: t.session }
        - path: /required/{a}/{n}
          operations:
            - method: GET
              inputParameters:
                - { name: a, in: path, type: string }
                - { name: n, in: path, type: integer }
                - { name: q, in: query, type: string, required: true }
                - { name: h, in: header, type: boolean }
              call: api.get
              with: { id: t.a }
        - path: /notes
          operations:
            - method: POST
              name: add
              inputParameters:
                - { name: title, in: body, type: string, required: true }
                - { name: count, in: body, type: number }
                - { name: tags, in: body, type: array }
              call: api.add
              with: { title: t.title, count: t.count, tags: t.tags }
            - method: PUT
              inputParameters: [ { name: body, in: body, type: object } ]
              call: api.whole
              with: { body: t.body }
            - method: PATCH
              inputParameters: [ { name: body, in: body, type: string } ]
              call: api.text
              with: { body: t.body }
            - method: DELETE
              inputParameters:
                - { name: id, in: body, type: string, value: $.user.id }
                - { name: only, in: body, type: string, value: fixed }
              call: api.get
              with: { id: t.id, X-Trace: t.only }
        - path: /form
          operations: [ { method: POST, inputParameters: [ { name: a, in: body, type: string } ], call: api.send, with: { a: t.a } } ]
        - path: /single
          operations:
            - method: POST
              inputParameters: [ { name: note, in: body, type: object } ]
              call: api.whole
              with: { body: t.note }
`;

let upstream: Upstream;
let server: RestServer;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await serveRest(CAPABILITY, upstream.url);
});

afterAll(async () => {
  await server.close();
  await upstream.close();
});

const FORM_TYPE = "application/x-www-form-urlencoded";
const JSON_TYPE = { "content-type": "application/json" };

describe("Inputs of a request", () => {
  test.each<[string, Record<string, string>, string, Record<string, string>]>([
    ["/things/7", {}, "/things/7", {}],
    ["/things/a%2Fb%20c%25", {}, "/things/a%2Fb%20c%25", {}],
    ["/things/7?n=5&b=true", {}, "/things/7?n=5&b=true", {}],
    ["/things/7?n=12345678901234567890", {}, "/things/7?n=12345678901234567890", {}],
    ["/things/7?n=5&n=6", {}, "/things/7?n=5", {}],
    ["/things/7?list=a&list=b,c", {}, "/things/7?list=a&list=b%2Cc", {}],
    ["/things/7?list=a", {}, "/things/7?list=a", {}],
    ["/things/7?list=%5B%22a%22%2C%22b%22%5D", {}, "/things/7?list=a&list=b", {}],
    ["/things/7?list%5B%5D=a&list[]=b", {}, "/things/7?list=a&list=b", {}],
    ["/things/7?filter[city]=Oslo+N&filter[x]=1", {}, "/things/7?filter[city]=Oslo%20N&filter[x]=1", {}],
    ["/things/7?filter=%7B%22city%22:%22Oslo%22%7D", {}, "/things/7?filter[city]=Oslo", {}],
    ["/things/7?other=1&__proto__=2&constructor=3", {}, "/things/7", {}],
    ["/things/7", { "x-trace": "t 1", "x-other": "no" }, "/things/7", { "x-trace": "t 1" }],
    ["/tenant/7", { tenant: "3" }, "/things/7?n=3", {}],
    ["/things/7", { cookie: 'a=b; session="s1"; session=s2' }, "/things/7", { cookie: "session=s1" }],
  ])("GET %s with %j are sent as %s", async (target, headers, url, received) => {
    const { status, text } = await server.send("GET", target, { headers });
    expect([status, text]).toEqual([200, expect.any(String)]);
    const last = upstream.requests.at(-1);
    expect(decodeURI(last?.url ?? "")).toBe(decodeURI(url));
    expect(last?.headers).toMatchObject(received);
    expect(Object.keys(last?.headers ?? {})).not.toContain("x-other");
  });

  test.each<[string, string, string | Buffer, Record<string, string>, string]>([
    [
      "POST",
      "/notes",
      '{"title":"A \\"b\\"","count":1.50,"tags":["x"],"no":1}',
      JSON_TYPE,
      '{"title":"A \\"b\\"","count":1.50,"tags":["x"]}',
    ],
    ["POST", "/notes", '{"title":"a"}', {}, '{"title":"a"}'],
    ["POST", "/notes", '{"title":"a","__proto__":{"count":1}}', JSON_TYPE, '{"title":"a"}'],
    ["POST", "/notes", '\ufeff{"title":"a"}', { "content-type": "application/json; charset=utf-8" }, '{"title":"a"}'],
    ["POST", "/notes", '{"title":"é"}', { "content-type": "application/vnd.api+json" }, '{"title":"é"}'],
    [
      "POST",
      "/notes",
      gzipSync('{"title":"packed"}'),
      { ...JSON_TYPE, "content-encoding": "gzip" },
      '{"title":"packed"}',
    ],
    [
      "PUT",
      "/notes",
      '{ "a": 1.0, "b": [12345678901234567890] }',
      JSON_TYPE,
      '{ "a": 1.0, "b": [12345678901234567890] }',
    ],
    ["PUT", "/notes", "", {}, ""],
    ["PATCH", "/notes", "plain é", { "content-type": "text/plain; charset=utf-8" }, "plain é"],
    ["POST", "/single", '{"note":{"a":1}}', JSON_TYPE, '{"a":1}'],
    ["POST", "/single", '{"a":2}', JSON_TYPE, '{"a":2}'],
  ])("%s %s with the body %s", async (method, target, body, headers, sent) => {
    const answer = await server.send(method, target, { headers, body });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    expect(upstream.requests.at(-1)?.body).toBe(sent);
  });

  test("reads an input by its path into the body, and puts constants in place of what the caller gives", async () => {
    const body = '{"user":{"id":"u1"},"only":"mine"}';
    await server.send("DELETE", "/notes", { headers: JSON_TYPE, body });
    const last = upstream.requests.at(-1);
    expect([last?.url, last?.headers["x-trace"]]).toEqual(["/things/u1", "fixed"]);
  });

  test("names every input that is missing or wrong", async () => {
    const before = upstream.requests.length;
    const { status, headers, json } = await server.send("GET", "/required/x/no?other=1", { headers: { h: "maybe" } });
    expect([status, headers["content-type"]]).toEqual([400, "application/problem+json"]);
    expect(json).toMatchObject({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      code: "INPUT_INVALID",
      errors: [
        { input: "n", in: "path", detail: 'must be an integer, found "no"' },
        { input: "h", in: "header", detail: 'must be a boolean, found "maybe"' },
        { input: "q", in: "query", detail: "has no value" },
      ],
    });
    expect(upstream.requests.length).toBe(before);
  });

  test.each<[string, string, string | Buffer | undefined, Record<string, string>, number, string]>([
    ["GET", "/things/a!", undefined, {}, 400, "pattern"],
    ["GET", "/things/7?n=x", undefined, {}, 400, "must be an integer"],
    ["GET", "/things/7?n=", undefined, {}, 400, "must be an integer"],
    ["GET", "/things/7?b=1", undefined, {}, 400, "must be a boolean"],
    ["GET", "/things/7?filter=x", undefined, {}, 400, "must be an object"],
    ["GET", `/things/7?filter=${"%5B".repeat(1_500)}`, undefined, {}, 400, "must be an object"],
    ["POST", "/notes", undefined, {}, 400, "title"],
    ["POST", "/notes", "{}", JSON_TYPE, 400, "title"],
    ["POST", "/notes", '{"title":["a"]}', JSON_TYPE, 400, "must be a string"],
    ["POST", "/notes", '{"title":', JSON_TYPE, 400, "is not JSON: the text ends at line 1, column 10"],
    ["POST", "/notes", '{"title":"a","title":"b"}', JSON_TYPE, 400, "two members of the same name"],
    ["POST", "/notes", '{"title":"a","x":[{"y":1,"\\u0079":2}]}', JSON_TYPE, 400, "two members of the same name"],
    ["POST", "/notes", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, JSON_TYPE, 400, "nests more than 1000 levels"],
    ["POST", "/notes", Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE, 400, "not UTF-8"],
    ["POST", "/notes", '{"title":"a"}', { "content-type": "text/plain" }, 415, "application/json is understood"],
    ["POST", "/notes", "title=a", { "content-type": "application/x-www-form-urlencoded" }, 415, "application/json is"],
    ["POST", "/notes", '{"title":"a"}', { "content-type": "application/json; charset=latin1" }, 415, "charset"],
    ["POST", "/notes", "x", { ...JSON_TYPE, "content-encoding": "lzma" }, 415, "content coding"],
    ["POST", "/notes", "x", { ...JSON_TYPE, "content-encoding": "gzip" }, 400, "not of its content coding"],
    ["POST", "/notes", gzipSync(Buffer.alloc(2_000_000)), { ...JSON_TYPE, "content-encoding": "gzip" }, 413, "1000000"],
    ["POST", "/notes", `"${"x".repeat(1_000_000)}"`, JSON_TYPE, 413, "1000000"],
    ["PUT", "/notes", "[1", JSON_TYPE, 400, "is not JSON"],
  ])("refuses %s %s with the body %j and %j", async (method, target, body, headers, status, detail) => {
    const before = upstream.requests.length;
    const answer = await server.send(method, target, body === undefined ? { headers } : { headers, body });
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(detail)]);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(upstream.requests.length).toBe(before);
  });

  test("reads 10,000 items of a query, and answers quickly to many names", async () => {
    const items = Array.from({ length: 1_500 }, (_, index) => `list=${index}`).join("&");
    const { status } = await server.send("GET", `/things/7?${items}`);
    expect(status).toBe(200);
    expect(upstream.requests.at(-1)?.url.split("&").length).toBe(1_500);
  });
  test.each([
    ["a=1+%2B", 200, "a=1+%2B"],
    [`a=x${"&b=".repeat(150_000)}`, 200, "a=x"],
    ["a=1&a=2", 400, undefined],
    ["__proto__=1&constructor=2&a=3", 200, "a=3"],
  ])("read from a form (%#)", async (body, expected, sent) => {
    const { status, text } = await server.send("POST", "/form", { body, headers: { "content-type": FORM_TYPE } });
    expect([status, text]).toEqual([expected, expect.any(String)]);
    if (sent !== undefined) expect(upstream.requests.at(-1)?.body.toString()).toBe(sent);
  });
});
