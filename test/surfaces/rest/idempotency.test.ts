import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type RestServer, serveRest } from "../../support/serve-rest.ts";
import { answerJson, type ReceivedRequest, startUpstream, type Upstream } from "../../support/upstream.ts";

const SHOP = `binds:
  - namespace: caller
    location: "request:"
    keys: { TOKEN: X-Api-Token }
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: "{{baseUri}}"
      resources:
        - path: /orders
          operations:
            - method: POST
              name: order
              inputParameters: [ { name: item, in: body, type: string }, { name: Idempotency-Key, in: header, type: string } ]
            - method: PATCH
              name: change
              inputParameters: [ { name: item, in: body, type: string } ]
              outputParameters: [ { name: number, type: number, value: $.number } ]
            - { method: GET, name: list }
        - path: /own
          operations:
            - method: POST
              name: own
              inputParameters: [ { name: X-Token, in: header, type: string, value: "{{TOKEN}}" } ]
  exposes:
    - type: rest
      namespace: shop
      port: 0
      resources:
        - path: /orders
          operations:
            - method: POST
              call: api.order
              inputParameters: [ { name: item, in: body, type: string, required: true }, { name: Idempotency-Key, in: header, type: string } ]
            - method: PATCH
              call: api.change
              inputParameters: [ { name: item, in: body, type: string } ]
              outputParameters: [ { name: number, type: number, mapping: $.number } ]
            - { method: GET, call: api.list }
        - path: /own
          operations: [ { method: POST, call: api.own } ]
        - path: /raw/{path}
          forward: { targetNamespace: api, trustedHeaders: [] }
`;

describe("a request with an Idempotency-Key", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  type Answerer = (request: ReceivedRequest, response: ServerResponse, number: number) => void;
  const numbered: Answerer = (_, response, number) => answerJson(response, 201, { number });

  async function shop(answer: Answerer = numbered): Promise<{ upstream: Upstream; server: RestServer }> {
    let number = 0;
    const upstream = await startUpstream((request, response) => answer(request, response, ++number));
    ends.push(() => upstream.close());
    const server = await serveRest(SHOP, upstream.url);
    ends.push(() => server.close());
    return { upstream, server };
  }

  const post = (server: RestServer, key: string, body = '{"item":"pen"}', target = "/orders", method = "POST") =>
    server.send(method, target, { headers: { "idempotency-key": key, "content-type": "application/json" }, body });

  it.each([
    ["POST", "/orders", 201, { number: 1 }],
    ["PATCH", "/orders", 201, { number: 1 }],
    ["POST", "/raw/orders", 201, { number: 1 }],
    ["DELETE", "/raw/orders/7?force=1", 201, { number: 1 }],
  ])("is sent on once: %s %s", async (method, target, status, json) => {
    const { upstream, server } = await shop();
    const first = await post(server, "k1", undefined, target, method);
    const again = await post(server, '"k1"', undefined, target, method);
    expect([first.status, first.json, first.headers["idempotent-replayed"]]).toEqual([status, json, undefined]);
    expect([again.status, again.json, again.headers["idempotent-replayed"]]).toEqual([status, json, "true"]);
    expect(again.headers["content-type"]).toBe(first.headers["content-type"]);
    expect(upstream.requests).toHaveLength(1);
    expect((await post(server, "k2", undefined, target, method)).json).toEqual({ number: 2 });
  });

  it.each([
    ["another body", "/orders", '{"item":"ink"}'],
    ["another query", "/orders?a=1", '{"item":"pen"}'],
    ["another path", "/raw/orders", '{"item":"pen"}'],
  ])("is refused with 422 for %s", async (_, target, body) => {
    const { upstream, server } = await shop();
    await post(server, "k");
    const { status, headers } = await post(server, "k", body, target);
    expect([status, headers["content-type"]]).toEqual([422, "application/problem+json"]);
    expect(upstream.requests).toHaveLength(1);
  });

  it("is refused with 400 where the key is malformed, and nothing is sent", async () => {
    const { upstream, server } = await shop();
    expect((await post(server, '"open')).status).toBe(400);
    expect((await post(server, '"open', undefined, "/raw/orders")).status).toBe(400);
    expect(upstream.requests).toHaveLength(0);
  });

  it("is refused with 409 while the first one runs", async () => {
    let answer = () => {};
    const { upstream, server } = await shop((_, response) => {
      answer = () => answerJson(response, 201, { done: true });
    });
    const first = post(server, "k");
    while (upstream.requests.length === 0) await pause(5);
    const second = await post(server, "k");
    expect([second.status, second.headers["retry-after"]]).toEqual([409, "1"]);
    expect((await post(server, "k", '{"item":"ink"}')).status).toBe(422);
    answer();
    expect((await first).status).toBe(201);
    expect((await post(server, "k")).json).toEqual({ done: true });
    expect(upstream.requests).toHaveLength(1);
  });

  it("goes on when its caller goes, who gets the answer by asking again", async () => {
    let answer = () => {};
    const { upstream, server } = await shop((_, response) => {
      answer = () => answerJson(response, 201, { done: true });
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write('POST /orders HTTP/1.1\r\nhost: a\r\nidempotency-key: k\r\ncontent-length: 14\r\n\r\n{"item":"pen"}');
    while (upstream.requests.length === 0) await pause(5);
    socket.destroy();
    await once(socket, "close");
    await pause(50);
    answer();
    let again = await post(server, "k");
    while (again.status === 409) again = await post(server, "k");
    expect([again.status, again.json]).toEqual([201, { done: true }]);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([500, 503, 429, 401, 409])("is sent anew after an answer %d", async status => {
    const { upstream, server } = await shop((_, response, number) =>
      answerJson(response, number === 1 ? status : 201, { number }),
    );
    expect((await post(server, "k")).status).toBe(status);
    expect([(await post(server, "k")).status, (await post(server, "k")).status]).toEqual([201, 201]);
    expect(upstream.requests).toHaveLength(2);
  });

  it("is sent anew where the API gave no answer, with the key where the operation has it as an input", async () => {
    const { upstream, server } = await shop((_, response, number) => {
      if (number === 1) response.destroy();
      else answerJson(response, 201, { number });
    });
    expect((await post(server, "k")).status).toBe(502);
    expect((await post(server, "k")).json).toEqual({ number: 2 });
    expect(upstream.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["k", "k"]);
  });

  it("keeps an answer that says what is wrong, and none where an input is missing", async () => {
    const { upstream, server } = await shop((_, response) => answerJson(response, 422, { wrong: "item" }));
    expect((await post(server, "k")).status).toBe(422);
    expect((await post(server, "k")).json).toEqual({ wrong: "item" });
    expect(upstream.requests).toHaveLength(1);
    expect((await post(server, "k2", "{}")).status).toBe(400);
    expect((await post(server, "k2")).json).toEqual({ wrong: "item" });
    expect(upstream.requests).toHaveLength(2);
  });

  it.each([
    ["long", "application/json", JSON.stringify("a".repeat(1_200_000))],
    ["stream", "text/event-stream", "data: 1\n\n"],
  ])("gets a %s answer once, and is told then that it is not kept", async (_, type, body) => {
    const { upstream, server } = await shop((_request, response) => {
      response.writeHead(200, { "content-type": type });
      response.end(body);
    });
    for (const [key, target] of [
      ["k1", "/orders"],
      ["k2", "/raw/orders"],
    ] as const) {
      expect((await post(server, key, undefined, target)).text).toBe(body);
      const { status, headers, text } = await post(server, key, undefined, target);
      expect([status, headers["retry-after"]]).toEqual([409, undefined]);
      expect(text).toContain("answered with status 200");
    }
    expect(upstream.requests).toHaveLength(2);
  });

  it("keeps a long answer of less than 1 MiB", async () => {
    const long = { text: "é".repeat(400_000) };
    const { upstream, server } = await shop((_, response) => answerJson(response, 200, long));
    await post(server, "k");
    expect((await post(server, "k")).json).toEqual(long);
    expect(upstream.requests).toHaveLength(1);
  });

  it("is not answered with what was had by the credential of somebody else", async () => {
    const { upstream, server } = await shop();
    const send = (token: string) =>
      server.send("POST", "/own", { headers: { "idempotency-key": "k", "x-api-token": token } });
    expect((await send("ann")).json).toEqual({ number: 1 });
    expect((await send("ben")).status).toBe(422);
    expect((await send("ann")).json).toEqual({ number: 1 });
    expect(upstream.requests).toHaveLength(1);
  });

  it("is answered as any other where nothing is changed", async () => {
    const { upstream, server } = await shop();
    const get = () => server.send("GET", "/orders", { headers: { "idempotency-key": "k" } });
    expect([(await get()).json, (await get()).json]).toEqual([{ number: 1 }, { number: 2 }]);
    expect(upstream.requests).toHaveLength(2);
  });
});
