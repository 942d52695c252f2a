import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
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
      inputParameters:
        - { name: Api-Version, in: header, value: "7" }
        - { name: key, in: query, value: k1 }
      authentication: { type: bearer, token: "{{TOKEN}}" }
      resources:
        - { name: any, path: /any, operations: [ { name: get, method: GET } ] }
    - type: http
      namespace: open
      baseUri: ""
      resources:
        - { name: any, path: /any, operations: [ { name: list, method: GET } ] }
    - type: http
      namespace: asked
      baseUri: ""
      authentication: { type: digest, username: ann, password: "{{TOKEN}}" }
      resources:
        - { name: any, path: /any, operations: [ { name: ask, method: GET } ] }
  exposes:
    - type: rest
      port: 8080
      namespace: t
      resources:
        - { path: "/api/{path}", forward: { targetNamespace: api, trustedHeaders: [ X-Request-Id, Connection, Authorization, X-Hop ] } }
        - path: /open/{{path}}
          forward: { targetNamespace: open }
          operations: [ { method: POST, outputParameters: [ { name: mine, type: boolean, value: "true" } ] } ]
        - { path: "/asked/{path}", forward: { targetNamespace: asked } }
        - { path: /root, forward: { targetNamespace: open } }
`;

let upstream: Upstream;
let server: RestServer;

const answer: Answerer = (request, response) => {
  switch (request.url.split("?", 1)[0]) {
    case "/v1/headers":
      response.writeHead(207, [
        ...[
          "content-type",
          "text/plain",
          "set-cookie",
          "a=1",
          "set-cookie",
          "b=2",
          "etag",
          '"e"',
          "location",
          "/v1/next",
        ],
        ...["vary", "accept", "access-control-allow-origin", "*"],
        ...["connection", "x-own", "x-own", "1", "keep-alive", "timeout=5", "www-authenticate", "Basic"],
      ]);
      return response.end("body");
    case "/v1/packed":
      return response
        .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
        .end(gzipSync("packed text"));
    case "/v1/moved":
      return response.writeHead(302, { location: "http://elsewhere.test/" }).end();
    case "/v1/failed":
      return answerJson(response, 503, { message: "later" });
    case "/v1/slow":
      response.writeHead(200, { "content-type": "text/plain" }).write("first");
      return void setTimeout(() => response.end("last"), 100);
    case "/v1/cut":
      response.writeHead(200, { "content-length": "100" }).write("abc");
      return void setTimeout(() => response.destroy(), 20);
    default:
      return answerJson(response, 200, request);
  }
};

beforeAll(async () => {
  upstream = await startUpstream(answer);
  server = await serveRest(CAPABILITY, `${upstream.url}/v1`, { env: { TOKEN: "t0ken-of-the-api" } });
});

afterAll(async () => {
  await server.close();
  await upstream.close();
});

describe("Requests that are passed on", () => {
  test.each([
    ["GET", "/api/a/b?x=1&y=%20z&x=2", "/v1/a/b?x=1&y=%20z&x=2&key=k1"],
    ["GET", "/api/a?key=mine&k%65y=2&b=1", "/v1/a?b=1&key=k1"],
    ["DELETE", "/api/a%2Fb/c%20d/%C3%A9", "/v1/a%2Fb/c%20d/%C3%A9?key=k1"],
    ["GET", "/open/", "/v1/"],
    ["GET", "/open/a//b/", "/v1/a//b/"],
    ["GET", "/open/x?a[b]=c&d", "/v1/x?a[b]=c&d"],
    ["GET", "/root?a=1", "/v1?a=1"],
    ["PROPFIND", "/open/dav", "/v1/dav"],
    ["OPTIONS", "/open/asked", "/v1/asked"],
  ])("%s %s goes to %s", async (method, target, url) => {
    expect((await server.send(method, target)).status).toBe(200);
    expect(upstream.requests.at(-1)).toMatchObject({ method, url });
  });

  test("take trusted headers and the type of the body along, and nothing else", async () => {
    const headers = {
      ...{ "x-request-id": "r1", "x-other": "no", cookie: "s=1", "content-type": "text/csv", te: "trailers" },
      ...{
        authorization: "Bearer of-the-caller",
        "x-hop": "1",
        connection: "close, x-hop",
        "proxy-authorization": "p",
      },
      ...{ "x-forwarded-for": "9.9.9.9", "user-agent": "caller", "api-version": "1", expect: "100-continue" },
    };
    await server.send("PUT", "/api/a", { headers, body: "a,b" });
    const received = upstream.requests.at(-1);
    expect(received).toMatchObject({
      body: "a,b",
      headers: {
        "x-request-id": "r1",
        "content-type": "text/csv",
        "content-length": "3",
        "api-version": "7",
        authorization: "Bearer t0ken-of-the-api",
        "accept-encoding": "identity",
      },
    });
    const names = ["x-other", "cookie", "te", "x-hop", "proxy-authorization", "x-forwarded-for", "expect"];
    for (const name of names) expect(received?.headers).not.toHaveProperty(name);
    expect(received?.headers["user-agent"]).toMatch(/^naftiko\//);
  });

  test("never take the caller's credential along where the API has none", async () => {
    await server.send("GET", "/open/a", { headers: { authorization: "Bearer of-the-caller" } });
    expect(upstream.requests.at(-1)?.headers).not.toHaveProperty("authorization");
  });

  test("are answered with the status, the body and the end-to-end headers of the API", async () => {
    const { status, headers, text } = await server.send("GET", "/open/headers");
    expect([status, text]).toEqual([207, "body"]);
    expect(headers).toMatchObject({
      "content-type": "text/plain",
      "set-cookie": ["a=1", "b=2"],
      etag: '"e"',
      location: "/v1/next",
      "www-authenticate": "Basic",
    });
    for (const name of ["x-own", "keep-alive"]) expect(headers[name]).not.toBe("1");
    // The pages that the API trusts must not get at the credential of the server.
    expect([headers["access-control-allow-origin"], headers["vary"]]).toEqual([undefined, "accept"]);
  });

  test("are answered by operations of the route first", async () => {
    expect((await server.send("POST", "/open/x")).json).toEqual({ mine: true });
  });

  test("give packed answers as they come, and redirects as they are", async () => {
    const packed = await server.send("GET", "/open/packed", { headers: { "accept-encoding": "gzip, br" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    const { status, headers } = await server.send("GET", "/open/moved");
    expect([status, headers["location"]]).toEqual([302, "http://elsewhere.test/"]);
    expect((await server.send("GET", "/open/failed")).json).toEqual({ message: "later" });
    expect(upstream.requests.filter(({ url }) => url === "/v1/failed").length).toBe(1);
  });

  test("give an answer while it arrives, and cut it where the API does", async () => {
    const started = performance.now();
    const { text } = await server.send("GET", "/open/slow");
    expect([text, performance.now() - started > 80]).toEqual(["firstlast", true]);
    await expect(server.send("GET", "/open/cut")).rejects.toThrow("aborted");
  });

  test("take a body along while it arrives", async () => {
    const before = upstream.requests.length;
    const socket = connect(server.port, "127.0.0.1");
    let received = "";
    socket.on("data", data => {
      received += data;
    });
    socket.write("POST /api/up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    await pause(20);
    socket.write("3\r\ndef\r\n0\r\n\r\n");
    while (!received.includes("\r\n\r\n")) await pause(5);
    socket.destroy();
    expect(received).toMatch(/^HTTP\/1.1 200/);
    expect(upstream.requests[before]).toMatchObject({
      method: "POST",
      body: "abcdef",
      headers: { "transfer-encoding": "chunked" },
    });
  });

  test("take a body of any length along", async () => {
    const { status } = await server.send("POST", "/api/long", { body: "x".repeat(1_500_000) });
    expect([status, upstream.requests.at(-1)?.body.length]).toEqual([200, 1_500_000]);
  });

  test("give their API its time from the last piece of the body on", async () => {
    const quick = await serveRest(CAPABILITY, `${upstream.url}/v1`, { timeoutMs: 1_500 });
    const socket = connect(quick.port, "127.0.0.1");
    socket.write("PUT /open/up HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n");
    for (let piece = 0; piece < 20; piece++) {
      socket.write("x");
      await pause(100);
    }
    const [received] = await once(socket, "data");
    socket.destroy();
    await quick.close();
    expect(String(received)).toMatch(/^HTTP\/1\.1 200/);
  });

  test("are answered where the API does not want the whole body, and the connection is closed", async () => {
    const hasty = createServer((_request, response) => response.writeHead(401).end("not for you"));
    await new Promise<void>(resolve => hasty.listen(0, "127.0.0.1", resolve));
    const refusing = await serveRest(CAPABILITY, `http://127.0.0.1:${(hasty.address() as AddressInfo).port}`);
    const socket = connect(refusing.port, "127.0.0.1");
    socket.write("PUT /open/refused HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\nabc");
    let received = "";
    socket.on("data", data => {
      received += data;
    });
    await once(socket, "close");
    await refusing.close();
    hasty.close();
    expect(received).toMatch(/^HTTP\/1\.1 401 .*connection: close.*not for you/is);
  });

  test.each<[string, string, string | undefined, number]>([
    ["GET", "/open/../x", undefined, 400],
    ["GET", "/open/a%2F..%2F..%2Fx", undefined, 400],
    ["GET", "/open/..%5C..%5Cx", undefined, 400],
    ["GET", "/open/%2e%2e/x", undefined, 400],
    ["GET", "/open/a%00", undefined, 400],
    ["TRACE", "/api/x", undefined, 405],
    ["POST", "/asked/x", "x".repeat(1_000_001), 413],
  ])("are refused: %s %s", async (method, target, body, status) => {
    const before = upstream.requests.length;
    const answered = await server.send(method, target, body === undefined ? {} : { body });
    expect([answered.status, answered.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(upstream.requests.length).toBe(before);
  });

  test("stay with the API, whatever the path looks like", async () => {
    for (const path of ["//elsewhere.test/x", "@elsewhere.test/x", "http://elsewhere.test/x", ":80/x", "a#b?c"]) {
      await server.send("GET", `/open/${path}`);
      expect(upstream.requests.at(-1)?.url).toMatch(/^\/v1\//);
    }
  });
});

test("A credential without a value stops a request that is passed on, and tells the operator", async () => {
  const bare = await serveRest(CAPABILITY, `${upstream.url}/v1`);
  const { status, text } = await bare.send("GET", "/api/a");
  expect([status, text]).toEqual([500, expect.not.stringContaining("TOKEN")]);
  expect(bare.reports).toMatchObject([{ code: "BIND_MISSING" }]);
  await bare.close();
});

test("An API that is away is told with 502", async () => {
  const away = await serveRest(CAPABILITY, "http://127.0.0.1:9");
  const { status, json } = await away.send("GET", "/open/a");
  expect([status, json]).toMatchObject([502, { code: "NETWORK" }]);
  await away.close();
});
