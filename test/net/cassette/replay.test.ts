import { describe, expect, it } from "vitest";
import type { CapabilityError } from "../../../src/base/capability-error.ts";
import type { Cassette, RecordedBody, RecordedRequest } from "../../../src/net/cassette/cassette.ts";
import { createReplayTransport } from "../../../src/net/cassette/replay.ts";
import { fits } from "../../../src/net/cassette/wildcard.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import { exchangeOf } from "../../support/exchange.ts";

const EXCHANGE = exchangeOf();
const URL = "https://api.test/v1/things";

const json = (value: unknown): Partial<RecordedRequest> => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: { json: value },
});
const sent = (body: string | Uint8Array, contentType = "application/json"): Partial<HttpRequest> => ({
  method: "POST",
  headers: { "content-type": contentType },
  body,
});
const recorded = (text: string, contentType: string): Partial<RecordedRequest> => ({
  method: "POST",
  headers: { "content-type": contentType },
  body: { text },
});
const FORM = "application/x-www-form-urlencoded";

function cassette(...requests: Partial<RecordedRequest>[]): Cassette {
  return {
    interactions: requests.map((request, index) => ({
      request: { method: "GET", url: URL, ...request },
      response: { status: 200, body: { text: `answer ${index + 1}` } },
    })),
  };
}

async function ask(
  transport: ReturnType<typeof createReplayTransport>,
  request: Partial<HttpRequest>,
): Promise<string> {
  const { body } = await transport({ method: "GET", url: URL, headers: {}, ...request }, EXCHANGE);
  return Buffer.from(body).toString();
}

describe("fits()", () => {
  it.each([
    ["a", "a", true],
    ["a", "b", false],
    ["***", "", true],
    ["***", "anything\n", true],
    ["a***", "a", true],
    ["a***", "b", false],
    ["***b", "ab", true],
    ["a***b", "ab", true],
    ["a***a", "a", false],
    ["a***b***c", "axbxc", true],
    ["a***b***c", "abc", true],
    ["a***b***c", "ac", false],
    ["a***b***b", "ab", false],
    ["***a***", "bab", true],
    ["a*", "ab", false],
  ])("%j, %j: %s", (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected);
  });

  it("takes time in proportion to the texts", () => {
    expect(fits(`${"***a".repeat(10_000)}b`, "a".repeat(100_000))).toBe(false);
  });
});

describe("createReplayTransport() takes for the same request", () => {
  it.each<[string, Partial<RecordedRequest>, Partial<HttpRequest>]>([
    ["one that is the same", {}, {}],
    ["another host", {}, { url: "http://127.0.0.1:1/v1/things" }],
    [
      "other headers",
      { headers: { authorization: "***", a: "b" } },
      { headers: { authorization: "Bearer x", c: "d" } },
    ],
    ["another order of the query", { url: `${URL}?a=1&b=2&a=3` }, { url: `${URL}?b=2&a=3&a=1` }],
    ["another encoding of the query", { url: `${URL}?a=%20x` }, { url: `${URL}?a=+x` }],
    ["a redacted value of the query", { url: `${URL}?key=***&a=1` }, { url: `${URL}?a=1&key=k%201` }],
    ["a redacted part of the path", { url: `${URL}/***/x` }, { url: `${URL}/id%201/x` }],
    ["a parameter of the type", recorded("a", "text/plain"), sent("a", "Text/Plain; charset=utf-8")],
    [
      "other white space and order of JSON",
      json({ a: 1, b: [1, { c: null }] }),
      sent('{ "b": [1.0, {"c":null}], "a": 1 }'),
    ],
    ["a redacted member", json({ secret: "***", text: "a *** b" }), sent('{"secret":{"x":1},"text":"a xyz b"}')],
    ["another order of a form", recorded("a=1&b=***", FORM), sent("b=2%20&a=1", FORM)],
    ["bytes", { ...sent(""), body: { base64: "/wA=" } } as Partial<RecordedRequest>, sent(new Uint8Array([255, 0]))],
    ["text as bytes", json({ a: "é" }), sent(Buffer.from('{"a":"é"}'))],
  ])("%s", async (_, request, asked) => {
    expect(await ask(createReplayTransport(cassette(request)), asked)).toBe("answer 1");
  });
});

describe("createReplayTransport() tells what differs", () => {
  it.each<[Partial<RecordedRequest>, Partial<HttpRequest>, object[]]>([
    [{}, { method: "PUT" }, [{ part: "method", recorded: "GET", asked: "PUT" }]],
    [{}, { url: `${URL}/1` }, [{ part: "path", recorded: "/v1/things", asked: "/v1/things/1" }]],
    [
      { url: `${URL}?a=1` },
      { url: `${URL}?a=2&b=3` },
      [
        { part: "query.a", recorded: "1", asked: "2" },
        { part: "query.b", asked: "3" },
      ],
    ],
    [{ url: `${URL}?a=1` }, { url: `${URL}?a=1&a=1` }, [{ part: "query.a", recorded: "1", asked: "1, 1" }]],
    [{ url: `${URL}?a=1` }, {}, [{ part: "query.a", recorded: "1" }]],
    [
      json({ a: [1, { b: 2 }], c: "x" }),
      sent('{"a":[1,{"b":3}],"d":null}'),
      [
        { part: "body.a[1].b", recorded: "2", asked: "3" },
        { part: "body.c", recorded: '"x"' },
        { part: "body.d", asked: "null" },
      ],
    ],
    [json({ a: "1" }), sent('{"a":1}'), [{ part: "body.a", recorded: '"1"', asked: "1" }]],
    [json([]), sent("{}"), [{ part: "body", recorded: "[]", asked: "{}" }]],
    [json({ toString: 1 }), sent("{}"), [{ part: "body.toString", recorded: "1" }]],
    [
      json(1),
      { ...sent("1", "text/plain") },
      [{ part: "content-type", recorded: "application/json", asked: "text/plain" }],
    ],
    [
      json({ a: 1 }),
      { method: "POST", headers: { "content-type": "application/json" } },
      [{ part: "body", recorded: '{"a":1}' }],
    ],
    [recorded("a=1", FORM), sent("a=2", FORM), [{ part: "body.a", recorded: "1", asked: "2" }]],
    [recorded("a", "text/plain"), sent("b", "text/plain"), [{ part: "body", recorded: "a", asked: "b" }]],
    [
      json(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`m${index}`, 1]))),
      sent("{}"),
      Array.from({ length: 10 }, (_, index) => ({ part: `body.m${index}`, recorded: "1" })),
    ],
  ])("%j, %j", async (request, asked, differences) => {
    const error = await failure(createReplayTransport(cassette(request)), asked);
    expect(error.code).toBe("NOT_RECORDED");
    expect(error.details).toMatchObject({ nearest: { differences } });
  });

  it("from the nearest call, in a message for people", async () => {
    const transport = createReplayTransport(
      cassette(
        { url: "https://api.test/v1/others" },
        { url: `${URL}?limit=5`, ...json({ name: "ci" }) },
        { url: `${URL}/a/b/c`, method: "POST" },
        { method: "DELETE" },
      ),
    );
    const error = await failure(transport, { url: `${URL}?limit=6`, ...sent('{"name":"cx"}') });
    expect(error.message).toBe(
      "Cannot replay POST /v1/things: the recording has no such call; the nearest is call 2 of 4, POST /v1/things, which differs in query.limit, body.name",
    );
    expect(error.details).toEqual({
      request: { method: "POST", url: `${URL}?limit=6` },
      nearest: {
        method: "POST",
        url: `${URL}?limit=5`,
        differences: [
          { part: "query.limit", recorded: "5", asked: "6" },
          { part: "body.name", recorded: '"ci"', asked: '"cx"' },
        ],
      },
    });
    const path = await failure(transport, { url: "https://api.test/v1/other" });
    expect(path.details).toMatchObject({ nearest: { url: "https://api.test/v1/others" } });
    const none = await failure(createReplayTransport({ interactions: [] }), {});
    expect(none.message).toBe("Cannot replay GET /v1/things: the recording has no calls");
  });
});

describe("createReplayTransport()", () => {
  it("gives the answers of one request in order, the last one again", async () => {
    const other = { url: `${URL}/other` };
    const transport = createReplayTransport(cassette({}, other, {}, {}));
    const answers: string[] = [];
    for (let call = 0; call < 5; call++) answers.push(await ask(transport, {}));
    expect(answers).toEqual(["answer 1", "answer 3", "answer 4", "answer 4", "answer 4"]);
    expect(await ask(transport, other)).toBe("answer 2");
  });

  it("prefers calls of the same host", async () => {
    const transport = createReplayTransport(cassette({ url: "https://a.test/x" }, { url: "https://b.test/x" }));
    expect(await ask(transport, { url: "https://b.test/x" })).toBe("answer 2");
    expect(await ask(transport, { url: "https://a.test/x" })).toBe("answer 1");
    expect(await ask(transport, { url: "https://b.test/x" })).toBe("answer 2");
  });

  it("gives the answer as it was", async () => {
    const bodies: [RecordedBody | undefined, string][] = [
      [undefined, ""],
      [{ json: { a: [1, "é"] } }, '{"a":[1,"é"]}'],
      [{ base64: "aGk=" }, "hi"],
      [{ text: "a\n" }, "a\n"],
    ];
    for (const [body, text] of bodies) {
      const transport = createReplayTransport({
        interactions: [
          {
            request: { method: "GET", url: URL },
            response: {
              status: 418,
              headers: { "x-a": ["1", "2"] },
              ...(body === undefined ? {} : { body }),
            },
          },
        ],
      });
      const response = await transport({ method: "GET", url: URL, headers: {} }, EXCHANGE);
      expect({ ...response, body: Buffer.from(response.body).toString() }).toEqual({
        status: 418,
        statusText: "I'm a Teapot",
        headers: { "x-a": ["1", "2"] },
        body: text,
      });
    }
  });

  it("keeps to the limits of an exchange", async () => {
    const transport = createReplayTransport(cassette({}));
    const request = { method: "GET", url: URL, headers: {} };
    await expect(transport(request, exchangeOf({ maxResponseBytes: 3 }))).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
    await expect(transport(request, { ...EXCHANGE, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  it.each([[undefined], [null], [1], [{}], [{ interactions: [{}] }]])("refuses %j as recorded calls", value => {
    expect(() => createReplayTransport(value as never)).toThrow(TypeError);
  });
});

async function failure(
  transport: ReturnType<typeof createReplayTransport>,
  request: Partial<HttpRequest>,
): Promise<CapabilityError> {
  try {
    await ask(transport, request);
  } catch (error) {
    return error as CapabilityError;
  }
  throw new Error("It was answered");
}
