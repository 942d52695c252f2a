import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { type RestServer, serveRest } from "../../support/serve-rest.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const KEY = markedSecret("k&y/1");

const CAPABILITY = (authentication: string): string => `
binds: [ { namespace: env, keys: { SERVER_KEY: SERVER_KEY } } ]
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources: [ { name: any, path: /any, operations: [ { name: get, method: GET } ] } ]
  exposes:
    - type: rest
      port: 8080
      namespace: t
      authentication: ${authentication}
      resources:
        - path: /mock
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
        - path: /call
          operations: [ { method: GET, call: api.get } ]
        - path: /api/{path}
          forward: { targetNamespace: api, trustedHeaders: [ X-Request-Id ] }
`;

let upstream: Upstream;
const open: RestServer[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(async () => {
  for (const server of open) await server.close();
  await upstream.close();
});

async function serve(authentication: string, rate?: Parameters<typeof serveRest>[3]): Promise<RestServer> {
  const server = await serveRest(CAPABILITY(authentication), upstream.url, { env: { SERVER_KEY: KEY } }, rate);
  open.push(server);
  return server;
}

describe("callers of a REST adapter", () => {
  test.each(["/mock", "/call", "/api/x", "/nowhere", "/openapi.json", "/%2e%2e/x"])(
    "learn nothing about %s before they are admitted",
    async target => {
      const server = await serve('{ type: bearer, token: "{{SERVER_KEY}}" }');
      const before = upstream.requests.length;
      for (const method of ["GET", "POST", "OPTIONS", "DELETE"]) {
        const answer = await server.send(method, target);
        expect(answer).toMatchObject({ status: 401, headers: { "content-type": "application/problem+json" } });
        expect(answer.headers["www-authenticate"]).toBe('Bearer realm="naftiko"');
      }
      expect(upstream.requests).toHaveLength(before);
    },
  );

  test.each<[target: string, status: number]>([
    ["/mock", 200],
    ["/call", 200],
    ["/api/x?y=1", 200],
    ["/nowhere", 404],
  ])("are answered when they are admitted: %s", async (target, status) => {
    const server = await serve('{ type: apikey, key: X-Shop-Key, value: "{{SERVER_KEY}}" }');
    const answer = await server.send("GET", target, { headers: { "x-shop-key": KEY } });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain("x-shop-key");
  });

  test.each([
    ["/api/x", "/x"],
    ["/api/x?a=%20b", "/x?a=%20b"],
    ["/api/x?a=1&b", "/x?a=1&b"],
  ])("present a key in the query string that no API learns: %s", async (target, passed) => {
    const server = await serve('{ type: apikey, key: api key, placement: query, value: "{{SERVER_KEY}}" }');
    const key = `api+key=${encodeURIComponent(KEY)}`;
    for (const sent of [
      target.includes("?") ? `${target}&${key}` : `${target}?${key}`,
      target.replace("?", `?${key}&`),
    ]) {
      if (!sent.includes(key)) continue;
      const answer = await server.send("GET", sent);
      expect(answer).toMatchObject({ status: 200, json: { url: passed } });
    }
  });

  test.each(["/mock", "/call", "/api/x", "/nowhere"])("are told of their limit by the answer of %s", async target => {
    const server = await serve('{ type: bearer, token: "{{SERVER_KEY}}" }', { requests: 2, windowSeconds: 60 });
    const headers = { authorization: `Bearer ${KEY}` };
    const answers = [];
    for (let times = 0; times < 3; times++) answers.push(await server.send("GET", target, { headers }));
    const [first, , last] = answers;
    expect(first?.headers).toMatchObject({
      "ratelimit-policy": '"default";q=2;w=60',
      ratelimit: expect.stringMatching(/^"default";r=1;t=(?:60|59)$/),
    });
    expect(last).toMatchObject({
      status: 429,
      headers: { "retry-after": expect.stringMatching(/^(?:60|59)$/), "content-type": "application/problem+json" },
      json: { status: 429, title: "Too Many Requests" },
    });
  });
});
