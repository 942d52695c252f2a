import { once } from "node:events";
import type { Socket } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CapabilityError, isCapabilityError } from "../../src/base/capability-error.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Inputs } from "../../src/engine/request/check-inputs.ts";
import type { Capability } from "../../src/library/capability.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import type { HttpResponse, Transport } from "../../src/net/transport.ts";
import { capabilityText, input, required } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const text = capabilityText({
  namespace: "shop",
  binds: { TOKEN: "SHOP_TOKEN" },
  authentication: { type: "bearer", token: "{{env.TOKEN}}" },
  operations: [
    {
      name: "get",
      method: "GET",
      path: "/items/{id}",
      outputParameters: [
        { name: "id", type: "string", value: "$.id" },
        { name: "tags", type: "array", value: "$.tags[*].name" },
        { name: "none", type: "string", value: "$.none" },
        { name: "all", type: "object", value: "$." },
      ],
    },
    { name: "list", method: "GET", path: "/items", inputParameters: [input("q", "query")] },
    {
      name: "create",
      method: "POST",
      path: "/items",
      inputParameters: [required("body", "body", "object")],
    },
    { name: "text", method: "GET", path: "/text", outputRawFormat: "text" },
    { name: "table", method: "GET", path: "/table", outputRawFormat: "avro" },
    { name: "check", method: "HEAD", path: "/items" },
    {
      name: "keyed",
      method: "GET",
      path: "/keyed",
      inputParameters: [{ name: "k", in: "query", value: "{{TOKEN}}" }],
    },
  ],
});
const env = { SHOP_TOKEN: "t0ken/+\u00e9" };

const opened: (Capability | Upstream)[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

describe("run()", () => {
  it("gives outputs, status, headers and body", async () => {
    const body = { id: "i1", tags: [{ name: "a" }, { name: "b" }] };
    const shop = await openShop({}, (_, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      answerJson(response, 203, body);
    });
    expect(await shop.run("get", { id: "i1" })).toEqual({
      outputs: { id: "i1", tags: ["a", "b"], none: null, all: body },
      status: 203,
      headers: expect.objectContaining({
        "content-type": "application/json",
        "set-cookie": ["a=1", "b=2"],
      }),
      body,
    });
  });

  it("gives the body where the operation declares no outputs", async () => {
    const shop = await openShop({}, (_, response) => answerJson(response, 200, [1, 2]));
    expect(await shop.run("list")).toMatchObject({ outputs: [1, 2], body: [1, 2] });
  });

  it.each([
    { what: "an empty body", answer: {}, operation: "list" },
    { what: "white space", answer: { body: Buffer.from(" \r\n ") }, operation: "list" },
    { what: "204", answer: { status: 204 }, operation: "list" },
    { what: "HEAD", answer: { headers: { "content-length": "9" } }, operation: "check" },
  ])("gives null for $what", async ({ answer, operation }) => {
    const shop = await openShop({ transport: createMemoryTransport(() => answer) });
    expect(await shop.run(operation)).toMatchObject({ outputs: null, body: null });
  });

  it("gives a text as it is", async () => {
    const body = Buffer.from("\ufeff{not json} é");
    const shop = await openShop({ transport: createMemoryTransport(() => ({ body })) });
    expect((await shop.run("text")).outputs).toBe("{not json} é");
  });

  it("serves many callers at once", async () => {
    const shop = await openShop({}, (request, response) => {
      setTimeout(() => answerJson(response, 200, { id: request.url }), Math.random() * 20);
    });
    const ids = Array.from({ length: 100 }, (_, index) => `i${index}`);
    const results = await Promise.all(ids.map(id => shop.run("get", { id })));
    expect(results.map(({ outputs }) => (outputs as { id: string }).id)).toEqual(ids.map(id => `/items/${id}`));
  });

  it.each([{ inputs: null }, { inputs: [] }, { inputs: "q=1" }])("refuses $inputs for inputs", async ({ inputs }) => {
    const shop = await openShop({ transport: createMemoryTransport(() => ({})) });
    await expect(shop.run("list", inputs as unknown as Inputs)).rejects.toThrow(TypeError);
  });

  it("refuses an operation that is no text, and a signal that is none", async () => {
    const shop = await openShop({ transport: createMemoryTransport(() => ({})) });
    await expect(shop.run(undefined as unknown as string)).rejects.toThrow(TypeError);
    await expect(shop.run("list", {}, { signal: "now" as unknown as AbortSignal })).rejects.toThrow(TypeError);
  });
});

describe("prepare()", () => {
  it("sends nothing", async () => {
    const transport = createMemoryTransport(() => {
      throw new Error("Nobody asked for this");
    });
    const shop = await openShop({ transport });
    expect(await shop.prepare("create", { body: { a: 1 } })).toEqual({
      method: "POST",
      url: "https://api.example.test/v1/items",
      headers: {
        accept: "application/json",
        "user-agent": expect.stringMatching(/^naftiko\/\d/),
        authorization: "Bearer t0ken/+\u00e9",
        "content-type": "application/json",
      },
      body: '{"a":1}',
    });
  });
});

describe("an error", () => {
  it("of the API has its status, headers and body", async () => {
    const shop = await openShop({}, (_, response) => {
      response.setHeader("x-request-id", "r1");
      answerJson(response, 422, { errors: [{ code: "bad" }] });
    });
    const error = await failure(shop.run("create", { body: {} }));
    expect(error).toBeInstanceOf(CapabilityError);
    expect(error).toMatchObject({
      name: "CapabilityError",
      code: "HTTP_STATUS",
      message: "create: HTTP 422 Unprocessable Entity",
      details: {
        operation: "create",
        status: 422,
        headers: { "x-request-id": "r1" },
        body: { errors: [{ code: "bad" }] },
        request: { method: "POST", url: expect.stringMatching(/\/items$/) },
      },
    });
    expect(isCapabilityError(error, "HTTP_STATUS") && error.details.status).toBe(422);
    expect(isCapabilityError(error, "NETWORK")).toBe(false);
  });

  const bodies: readonly { what: string; answer: Partial<HttpResponse>; body: unknown }[] = [
    { what: "nothing", answer: {}, body: null },
    { what: "text", answer: { body: Buffer.from("Not here") }, body: "Not here" },
    { what: "JSON that says it is text", answer: { body: Buffer.from(' {"a":1}') }, body: { a: 1 } },
    {
      what: "JSON of a type of its own",
      answer: { headers: { "content-type": "application/problem+json" }, body: Buffer.from('"x"') },
      body: "x",
    },
    {
      what: "text that says it is JSON",
      answer: { headers: { "content-type": "application/json" }, body: Buffer.from("<html>") },
      body: "<html>",
    },
    { what: "JSON that is cut off", answer: { body: Buffer.from('{"a":') }, body: '{"a":' },
  ];

  it.each(bodies)("shows $what as its body", async ({ answer, body }) => {
    const shop = await openShop({ transport: createMemoryTransport(() => ({ status: 404, ...answer })) });
    expect(await failure(shop.run("list"))).toMatchObject({
      message: "list: HTTP 404 Not Found",
      details: { status: 404, body },
    });
  });

  it("never shows a secret, however the API echoes it", async () => {
    const token = env.SHOP_TOKEN;
    const shop = await openShop({}, (request, response) => {
      response.setHeader("x-echo", encodeURIComponent(request.headers.authorization ?? ""));
      answerJson(response, 401, {
        header: Buffer.from(request.headers.authorization ?? "", "latin1").toString("latin1"),
        nested: [{ [token]: `<${token}>` }, JSON.stringify(token)],
        url: request.url,
        encoded: encodeURIComponent(token),
      });
    });
    const error = await failure(shop.run("keyed"));
    expect(error).toMatchObject({
      code: "HTTP_STATUS",
      details: {
        headers: { "x-echo": "Bearer%20***" },
        body: {
          header: "Bearer ***",
          nested: [{ "***": "<***>" }, '"***"'],
          url: "/keyed?k=***",
          encoded: "***",
        },
        request: { url: expect.stringMatching(/\/keyed\?k=\*\*\*$/) },
      },
    });
    expect(everything(error)).not.toMatch(/t0ken/);
  });

  it("never shows a password, its base64, or a credential of an option", async () => {
    const shop = await openShop(
      { authentication: { shop: { type: "basic", username: "ada", password: "pass-word" } } },
      (request, response) => answerJson(response, 400, [request.headers.authorization, "pass-word", "ada"]),
    );
    const error = await failure(shop.run("list"));
    expect(error).toMatchObject({ details: { body: ["Basic ***", "***", "ada"] } });
    expect(everything(error)).not.toMatch(/pass-word/);
  });

  it("never shows a secret in a body that cannot be decoded", async () => {
    const shop = await openShop({}, (request, response) => response.end(`<p>${request.headers.authorization}</p>`));
    const error = await failure(shop.run("list"));
    expect(error).toMatchObject({
      code: "RESPONSE_INVALID",
      message: 'Cannot decode the answer to "list" as json: it is not JSON: unexpected "<" at line 1, column 1',
      details: { operation: "list", format: "json", status: 200, body: "<p>Bearer ***</p>" },
    });
    expect(everything(error)).not.toMatch(/t0ken/);
  });

  it("of the network names the operation", async () => {
    const upstream = await startUpstream();
    await upstream.close();
    const shop = await openShop({ baseUri: `${upstream.url}/v1` });
    expect(await failure(shop.run("list"))).toMatchObject({
      code: "NETWORK",
      message: expect.stringMatching(/^list: Cannot reach 127\.0\.0\.1:\d+: the connection was refused/),
      details: { operation: "list", reason: "ECONNREFUSED", url: `${upstream.url}/v1/items` },
    });
  });

  it("of time names the limit", async () => {
    const shop = await openShop({ timeoutMs: 50 }, () => {});
    expect(await failure(shop.run("list"))).toMatchObject({
      code: "TIMEOUT",
      details: { operation: "list", timeoutMs: 50 },
    });
  });

  it("of size names the limit", async () => {
    const shop = await openShop({ maxResponseBytes: 100 }, (_, response) => response.end("x".repeat(101)));
    expect(await failure(shop.run("text"))).toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      details: { operation: "text", maxBytes: 100 },
    });
  });

  it("is no redirect that may not be followed", async () => {
    const shop = await openShop({ maxRedirects: 0 }, (_, response) => {
      response.writeHead(302, { location: "/other" }).end("moved");
    });
    expect(await failure(shop.run("text"))).toMatchObject({
      code: "HTTP_STATUS",
      details: { status: 302, headers: { location: "/other" }, body: "moved" },
      remedies: [{ option: "maxRedirects" }],
    });
  });

  it("of the caller's signal has its reason", async () => {
    const controller = new AbortController();
    const shop = await openShop({}, () => controller.abort("enough"));
    const error = await failure(shop.run("list", {}, { signal: controller.signal }));
    expect(error).toMatchObject({ code: "ABORTED", details: { operation: "list" }, cause: "enough" });
  });

  it("comes without a request where the signal was aborted before", async () => {
    const shop = await openShop({ transport: createMemoryTransport(() => ({})) });
    const error = await failure(shop.run("list", {}, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: "ABORTED" });
  });

  it("of a format without its schema comes before anything is sent", async () => {
    const transport = createMemoryTransport(() => {
      throw new Error("Nobody asked for this");
    });
    const shop = await openShop({ transport });
    expect(await failure(shop.run("table"))).toMatchObject({
      code: "CAPABILITY_INVALID",
      message: expect.stringContaining("it needs an outputSchema"),
    });
  });

  it("shows its place in the file", async () => {
    const folder = await temporaryFolder({ "shop.yaml": text });
    const file = path.join(folder, "shop.yaml");
    const shop = await openCapability(file, { env: {} });
    expect(await failure(shop.run("list"))).toMatchObject({
      code: "BIND_MISSING",
      source: { file, pointer: "/binds/0/keys/TOKEN", text: expect.stringContaining("SHOP_TOKEN") },
    });
  });

  it("of a transport that breaks its promise is the cause of one", async () => {
    const cause = new SyntaxError("a bug");
    const transport: Transport = () => Promise.reject(cause);
    const shop = await openShop({ transport });
    await expect(shop.run("list")).rejects.toMatchObject({ code: "NETWORK", cause });
  });
});

describe("retries", () => {
  it("repeat what may be repeated", async () => {
    let calls = 0;
    const transport = createMemoryTransport(() => ({ status: ++calls < 3 ? 503 : 200 }));
    const shop = await openShop({ transport, retries: 2 });
    expect((await shop.run("list")).status).toBe(200);
    expect(calls).toBe(3);
    calls = 0;
    expect(await failure(shop.run("create", { body: {} }))).toMatchObject({ code: "HTTP_STATUS" });
    expect(calls).toBe(1);
  });
});

describe("close()", () => {
  it("completes what runs, and refuses what follows", async () => {
    const shop = await openShop({}, (_, response) => {
      setTimeout(() => answerJson(response, 200, "done"), 50);
    });
    const running = shop.run("list");
    const closing = shop.close();
    await expect(shop.run("list")).rejects.toThrow(TypeError);
    const closed = new TypeError('Capability "shop" is closed');
    for (const call of [
      shop.prepare("list"),
      shop.run("list"),
      shop.stream("list").next(),
      shop.pages("list").next(),
      shop.waitFor("list", {}, { until: "$" }),
    ])
      await expect(call).rejects.toStrictEqual(closed);
    expect((await running).body).toBe("done");
    await closing;
    await shop.close();
    expect(shop.operations.size).toBe(7);
  });

  it("ends the connections", async () => {
    const sockets = new Set<Socket>();
    const shop = await openShop({}, (_, response) => {
      if (response.socket !== null) sockets.add(response.socket);
      answerJson(response, 200, 1);
    });
    await Promise.all(Array.from({ length: 10 }, () => shop.run("list")));
    // The server would close them in its own time, but only a client that closes them says so.
    const ended = [...sockets].map(socket => once(socket, "end"));
    await shop.close();
    await Promise.all(ended);
    expect(sockets.size).toBeGreaterThan(0);
  });

  it("leaves a transport of the caller's open", async () => {
    let closed = false;
    const transport: Transport = createMemoryTransport(() => ({}));
    transport.close = async () => {
      closed = true;
    };
    for (const retries of [0, 1]) await (await openShop({ transport, retries })).close();
    expect(closed).toBe(false);
  });

  it("comes with the end of a block", async () => {
    let kept: Capability;
    {
      await using shop = await openShop({ transport: createMemoryTransport(() => ({})) });
      kept = shop;
      await shop.run("list");
    }
    await expect(kept.run("list")).rejects.toThrow(TypeError);
  });
});

/** Opens the shop, before an upstream that answers so where one is asked for. */
async function openShop(options: OpenOptions, answer?: Answerer): Promise<Capability> {
  const upstream = answer === undefined ? undefined : await startUpstream(answer);
  if (upstream !== undefined) opened.push(upstream);
  const shop = await openCapability(parse(text) as object, {
    env,
    ...(upstream === undefined ? {} : { baseUri: upstream.url }),
    ...options,
  });
  opened.unshift(shop);
  return shop;
}

async function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => new Error("It did not fail"),
    (error: Error) => error,
  );
}

/** Returns all that a log could show of an error. */
function everything(error: Error): string {
  return JSON.stringify([error, error.message, error.stack, error.cause, String(error.cause)]);
}
