import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RestServer, serveRest } from "../../support/serve-rest.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const CAPABILITY = `
binds: [ { namespace: env, keys: { TOKEN: TOKEN } } ]
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources:
        - name: any
          path: /{{path}}
          operations:
            - { name: get, method: GET, inputParameters: [ { name: path, in: path } ] }
            - { name: photo, method: GET, outputRawFormat: binary, outputMediaType: image/x-photo, inputParameters: [ { name: path, in: path } ] }
            - { name: remove, method: DELETE, inputParameters: [ { name: path, in: path } ] }
            - { name: secret, method: GET, inputParameters: [ { name: path, in: path }, { name: X-Key, in: header, value: "{{TOKEN}}" } ] }
  exposes:
    - type: rest
      port: 8080
      namespace: t
      resources:
        - path: /mapped/{p}
          operations:
            - method: GET
              inputParameters: [ { name: p, in: path, type: string } ]
              call: api.get
              with: { path: t.p }
              outputParameters:
                - type: object
                  properties: { id: { type: string, mapping: $.id }, big: { type: number, mapping: $.big } }
            - method: DELETE
              inputParameters: [ { name: p, in: path, type: string } ]
              call: api.remove
              with: { path: t.p }
        - path: /raw/{p}
          operations:
            - { method: GET, inputParameters: [ { name: p, in: path, type: string } ], call: api.get, with: { path: t.p } }
            - { method: POST, outputParameters: [ { name: ok, type: boolean, value: "true" } ] }
        - { path: "/photo/{p}", operations: [ { method: GET, inputParameters: [ { name: p, in: path, type: string } ], call: api.photo, with: { path: t.p } } ] }
        - path: /text/{p}
          operations:
            - { method: GET, inputParameters: [ { name: p, in: path, type: string } ], call: api.get, with: { path: t.p }, outputParameters: [ { type: string, mapping: $. } ] }
            - { method: DELETE, inputParameters: [ { name: p, in: path, type: string } ], call: api.remove, with: { path: t.p }, outputParameters: [ { type: array, items: { type: string, mapping: $.a } } ] }
        - path: /secret
          operations: [ { method: GET, call: api.secret, with: { path: ok } } ]
        - path: /mock
          operations:
            - method: GET
              outputParameters: [ { name: answer, type: string, value: pong }, { name: n, type: number, value: "7" } ]
        - path: /empty
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string } ] } ]
`;

let upstream: Upstream;
let server: RestServer;
/** Answers a request that waits, and tells when its client has gone. */
let gone: Promise<void> | undefined;

const answer: Answerer = ({ url }, response) => {
  switch (url) {
    case "/ok":
      response.setHeader("x-upstream", "1").setHeader("retry-after", "9");
      return answerJson(response, 200, { id: 7, hidden: "x" });
    case "/created":
      return answerJson(response, 201, { id: 8 });
    case "/big":
      return response.writeHead(200, { "content-type": "application/json" }).end('{"id":1,"big":12345678901234567890}');
    case "/missing":
      response.setHeader("x-upstream", "1");
      return answerJson(response, 404, { message: "no such thing" });
    case "/teapot":
      return response.writeHead(418, { "content-type": "text/plain; charset=utf-8" }).end("short and stout");
    case "/broken":
      return answerJson(response, 500, { id: "of an error" });
    case "/none":
      return response.writeHead(204).end();
    case "/elsewhere":
      return answerJson(response, 302, { id: "moved" });
    case "/kept":
      return response.writeHead(304).end();
    case "/chunks":
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
      return void setTimeout(() => response.end('"whole"}'), 10);
    case "/half":
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
      return void setTimeout(() => response.destroy(), 10);
    case "/text":
      return response.writeHead(200, { "content-type": "text/csv", "set-cookie": "a=b" }).end("a,b\n1,2\n");
    case "/packed":
      return response
        .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
        .end(gzipSync("unpacked"));
    case "/nojson":
      return response.writeHead(200, { "content-type": "application/json" }).end("<html>");
    case "/cut":
      response.writeHead(200, { "content-length": "10" }).write("abc");
      return void response.destroy();
    case "/words":
      return answerJson(response, 200, { id: "word ".repeat(1_000) });
    case "/long":
      return response.writeHead(200, { "content-type": "application/json" }).end(`"${"x".repeat(300_000)}"`);
    case "/waits":
      gone = new Promise(resolve => response.on("close", resolve));
      return;
  }
};

beforeAll(async () => {
  upstream = await startUpstream(answer as Answerer);
  server = await serveRest(CAPABILITY, upstream.url, { timeoutMs: 400, maxResponseBytes: 200_000 });
});

afterAll(async () => {
  await server.close();
  await upstream.close();
});

const PROBLEM = "application/problem+json";

describe("Answers of a REST adapter", () => {
  test.each<[string, string, number, string | undefined, string]>([
    ["GET", "/mapped/ok", 200, "application/json", '{"id":"7","big":null}'],
    ["GET", "/mapped/created", 201, "application/json", '{"id":"8","big":null}'],
    ["GET", "/mapped/big", 200, "application/json", '{"id":"1","big":12345678901234567890}'],
    ["GET", "/mapped/missing", 404, "application/json", '{"message":"no such thing"}'],
    ["GET", "/mapped/teapot", 418, "text/plain; charset=utf-8", "short and stout"],
    ["GET", "/mapped/broken", 500, "application/json", '{"id":"of an error"}'],
    ["DELETE", "/mapped/none", 204, undefined, ""],
    ["GET", "/mapped/none", 204, undefined, ""],
    ["GET", "/raw/ok", 200, "application/json", '{"id":7,"hidden":"x"}'],
    ["GET", "/raw/text", 200, "text/csv", "a,b\n1,2\n"],
    ["GET", "/raw/packed", 200, "text/plain", "unpacked"],
    ["GET", "/raw/nojson", 200, "application/json", "<html>"],
    ["GET", "/raw/missing", 404, "application/json", '{"message":"no such thing"}'],
    ["GET", "/photo/text", 200, "image/x-photo", "a,b\n1,2\n"],
    ["GET", "/photo/missing", 404, "application/json", '{"message":"no such thing"}'],
    ["GET", "/text/nojson", 200, "application/json", "<html>"],
    ["GET", "/text/text", 200, "text/csv", "a,b\n1,2\n"],
    ["GET", "/text/broken", 500, "application/json", '{"id":"of an error"}'],
    ["GET", "/raw/elsewhere", 302, "application/json", '{"id":"moved"}'],
    ["GET", "/mapped/elsewhere", 302, "application/json", '{"id":"moved"}'],
    ["GET", "/raw/kept", 304, undefined, ""],
    ["GET", "/raw/chunks", 200, "application/json", '{"id":"whole"}'],
    ["HEAD", "/mapped/ok", 200, "application/json", ""],
    ["GET", "/mock", 200, "application/json", '{"answer":"pong","n":7}'],
    ["GET", "/empty", 204, undefined, ""],
    ["POST", "/raw/x", 200, "application/json", '{"ok":true}'],
  ])("%s %s gives %i", async (method, target, status, type, text) => {
    const answered = await server.send(method, target);
    expect([answered.status, answered.headers["content-type"], answered.text]).toEqual([status, type, text]);
    expect(answered.headers).not.toMatchObject({ "x-upstream": "1" });
    expect(answered.headers).not.toMatchObject({ "retry-after": "9" });
    expect(answered.headers["set-cookie"]).toBeUndefined();
  });

  test.each<[string, string, number, string, object]>([
    ["GET", "/mapped/nojson", 502, "answer cannot be read", { code: "RESPONSE_INVALID" }],
    ["GET", "/mapped/cut", 502, "cannot be reached", { code: "NETWORK" }],
    ["GET", "/raw/half", 502, "cannot be reached", { code: "NETWORK" }],
    ["GET", "/mapped/long", 502, "too large", { code: "RESPONSE_TOO_LARGE" }],
    ["GET", "/mapped/waits", 504, "has not answered within 400 ms", { code: "TIMEOUT" }],
    ["GET", "/mapped/%2e%2e", 400, "segment", { status: 400 }],
    ["GET", "/mapped/a%00b", 400, "NUL", { status: 400 }],
    ["GET", "/mapped/%", 400, "malformed", { status: 400 }],
    ["GET", "/secret", 500, "lacks something", { code: "BIND_MISSING" }],
    ["GET", "/nothing", 404, "no such route", { status: 404 }],
    ["GET", "/mock/", 404, "no such route", { status: 404 }],
    ["PUT", "/mapped/x", 405, "GET, DELETE, HEAD, OPTIONS", { status: 405 }],
  ])("%s %s is refused with %i", async (method, target, status, detail, problem) => {
    const answered = await server.send(method, target);
    expect([answered.status, answered.headers["content-type"]]).toEqual([status, PROBLEM]);
    expect(answered.json).toMatchObject({ status, detail: expect.stringContaining(detail), ...problem });
    expect(answered.text).not.toMatch(/TOKEN|127\.0\.0\.1|at .*\.ts/);
  });

  test("tells the operator what the caller is not told", async () => {
    await server.send("GET", "/secret");
    expect(server.reports.at(-1)).toMatchObject({ code: "BIND_MISSING", message: expect.stringContaining("TOKEN") });
  });

  test("gives the methods of a route", async () => {
    const wrong = await server.send("PATCH", "/raw/x");
    expect([wrong.status, wrong.headers["allow"]]).toEqual([405, "GET, POST, HEAD, OPTIONS"]);
    const asked = await server.send("OPTIONS", "/raw/x");
    expect([asked.status, asked.headers["allow"], asked.text]).toEqual([204, "GET, POST, HEAD, OPTIONS", ""]);
    expect((await server.send("OPTIONS", "/nothing")).status).toBe(404);
  });

  test("describes itself for programs and for people", async () => {
    const { status, headers, json } = await server.send("GET", "/openapi.json");
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(json).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      servers: [{ url: "/" }],
      paths: { "/mock": {} },
    });
    const page = await server.send("GET", "/openapi");
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect((await server.send("POST", "/openapi.json")).status).toBe(404);
  });

  test.each([
    ["gzip", "gzip"],
    ["br;q=1, gzip;q=0.5", "br"],
    ["identity", undefined],
    ["gzip;q=0", undefined],
  ])("packs a long answer for a client that takes %s", async (accepted, coding) => {
    const { status, headers } = await server.send("GET", "/mapped/words", { headers: { "accept-encoding": accepted } });
    expect([status, headers["content-encoding"], headers["vary"]?.toLowerCase()]).toEqual([
      200,
      coding,
      expect.stringContaining("accept-encoding"),
    ]);
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(headers["etag"]).toMatch(/^W\//);
  });

  test("packs no short answer", async () => {
    const { headers, text } = await server.send("GET", "/mapped/ok", { headers: { "accept-encoding": "gzip" } });
    expect([headers["content-encoding"], text]).toEqual([undefined, '{"id":"7","big":null}']);
  });

  test("lets a client keep what it has", async () => {
    const { headers } = await server.send("GET", "/mapped/ok");
    const tag = headers["etag"] ?? "";
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    for (const known of [tag, tag.slice(2), `"x", ${tag}`, "*"]) {
      const again = await server.send("GET", "/mapped/ok", { headers: { "if-none-match": known } });
      expect([known, again.status, again.text, again.headers["etag"]]).toEqual([known, 304, "", tag]);
    }
    const other = await server.send("GET", "/mapped/ok", { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
  });

  test("gives short JSON a tag and a length, also where the API gave none", async () => {
    const { headers } = await server.send("HEAD", "/raw/chunks");
    expect(headers).toMatchObject({ "content-length": "14", etag: expect.stringMatching(/^W\//) });
    const long = await server.send("GET", "/raw/long");
    expect([long.text.length, long.headers["content-length"]]).toEqual([300_002, undefined]);
  });

  test("answers requests that are sent before the answers of others, in their order", async () => {
    const targets = ["/raw/chunks", "/mapped/ok", "/mock", "/raw/missing"];
    const socket = connect(server.port, "127.0.0.1");
    let received = "";
    socket.on("data", data => {
      received += data;
    });
    const last = targets.length - 1;
    for (const [index, target] of targets.entries())
      socket.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n${index === last ? "Connection: close\r\n" : ""}\r\n`);
    await once(socket, "close");
    expect(received.match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual(["200", "200", "200", "404"]);
    expect(received).toMatch(/whole.*"7".*pong.*no such thing/s);
  });

  test("ends the call of the API when the client goes", async () => {
    gone = undefined;
    const client = request({ host: "127.0.0.1", port: server.port, path: "/mapped/waits", agent: false });
    client.on("error", () => {});
    client.end();
    while (gone === undefined) await pause(5);
    client.destroy();
    const started = performance.now();
    await gone;
    expect(performance.now() - started).toBeLessThan(300);
  });
});

describe("Pages of other origins", () => {
  const page = { origin: "https://app.example" };
  const preflight = { ...page, "access-control-request-method": "DELETE", "access-control-request-headers": "x-a" };
  let shared: RestServer;
  beforeAll(async () => {
    shared = await serveRest(CAPABILITY, upstream.url, {}, undefined, ["https://app.example"]);
  });
  afterAll(() => shared.close());

  test.each([
    ["GET", "/mock", page, 200],
    ["GET", "/nothing", page, 404],
    ["OPTIONS", "/mapped/x", preflight, 204],
  ] as const)("may call where the server says so: %s %s", async (method, target, headers, status) => {
    const answered = await shared.send(method, target, { headers });
    expect([answered.status, answered.headers["access-control-allow-origin"]]).toEqual([status, page.origin]);
    expect(answered.headers["vary"]).toMatch(/origin/i);
    const long = await shared.send("GET", "/mapped/words", { headers: page });
    expect(long.headers["vary"]).toBe("Origin, accept-encoding");
    const refused = await shared.send(method, target, { headers: { ...headers, origin: "https://other.example" } });
    expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("are told the methods and headers of a request that they ask for", async () => {
    const { headers } = await shared.send("OPTIONS", "/mapped/x", { headers: preflight });
    expect(headers["access-control-allow-methods"]).toContain("DELETE");
    expect(headers["access-control-allow-headers"]).toBe("x-a");
  });

  test("do not take the place of OPTIONS", async () => {
    const { status, headers } = await shared.send("OPTIONS", "/raw/x");
    expect([status, headers["allow"]]).toEqual([204, "GET, POST, HEAD, OPTIONS"]);
  });

  test("may not call without being allowed to", async () => {
    const { headers } = await server.send("GET", "/mock", { headers: page });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });
});
