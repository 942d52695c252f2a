import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CapabilityError } from "../../src/base/capability-error.ts";
import type { WaitOptions } from "../../src/engine/call-options.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { Capability } from "../../src/library/capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import type { Exchange, Transport } from "../../src/net/transport.ts";
import { MARK } from "../support/marked-secret.ts";
import { openText, openTextRuntime, operationText } from "../support/open-text.ts";

const SECRET = `sk_${MARK}`;
const WITH_BIND = 'inputParameters: [{ name: k, in: header, value: "{{TOKEN}}" }, { name: body, in: body }]';

/** Warnings and unhandled rejections of the process while a test runs. */
const stray: string[] = [];
process.on("warning", (warning: Error & { code?: string }) => stray.push(`${warning.code}: ${warning.message}`));
process.on("unhandledRejection", thrown => stray.push(`unhandled ${inspect(thrown)}`));

afterEach(async () => {
  vi.useRealTimers();
  await pause(0);
  expect(stray.splice(0)).toEqual([]);
});

/** A capability, and its runtime, which reads answers as bytes too. */
class Api extends Capability {
  readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    super(runtime);
    this.runtime = runtime;
  }
}

async function open(transport: unknown, options: OpenOptions = {}): Promise<Api> {
  const given = { retries: 0, env: { TOKEN: SECRET }, transport: transport as Transport };
  return new Api(await openTextRuntime(operationText(WITH_BIND, { method: "POST" }), { ...given, ...options }));
}

async function thrownBy(work: Promise<unknown>): Promise<CapabilityError> {
  const thrown = await work.then(
    value => ({ value }),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(CapabilityError);
  return thrown as CapabilityError;
}

/** Expects the same cause. Only a text, which cannot be compared, may be masked where it holds a secret. */
function expectCause({ cause }: CapabilityError, thrown: unknown): void {
  if (typeof thrown === "object") expect(cause === thrown).toBe(true);
  else if (cause !== thrown) expect(String(cause)).not.toContain(MARK);
}

/** All that waits for functions of a program. */
const CALLS: readonly { call: string; start: (api: Api, options?: object) => Promise<unknown> }[] = [
  { call: "run", start: (api, options) => api.run("op", {}, options) },
  { call: "stream", start: (api, options) => api.stream("op", {}, options).next() },
  { call: "pages", start: (api, options) => api.pages("op", {}, options).next() },
  { call: "waitFor", start: (api, options) => api.waitFor("op", {}, { until: "$.a", ...options }) },
  {
    call: "bytes",
    start: async ({ runtime }, options) => {
      for await (const _ of (await runtime.call("op", {}, options ?? {}, "bytes")).pieces);
    },
  },
];

const never = () => new Promise<never>(() => {});

function response(members: object): object {
  return { status: 200, statusText: "OK", headers: {}, body: new Uint8Array(), ...members };
}

function bodyOf(next: () => unknown): object {
  return response({ chunks: { next } });
}

const SILENT: readonly { silence: string; transport: () => unknown }[] = [
  { silence: "never settles", transport: never },
  // biome-ignore lint/suspicious/noThenProperty: it is what the test is about
  { silence: "gives a thenable that calls nobody", transport: () => ({ then() {} }) },
  { silence: "gives a body that never comes", transport: () => bodyOf(never) },
  {
    silence: "gives empty pieces for ever",
    transport: () => bodyOf(async () => ({ done: false, value: new Uint8Array() })),
  },
];

describe("a transport of the program that gives no answer", () => {
  const cases = SILENT.flatMap(silent => CALLS.map(call => ({ ...silent, ...call })));

  test.each(cases)("is ended by timeoutMs: it $silence, for $call", async ({ transport, start }) => {
    const api = await open(transport, { timeoutMs: 20 });
    expect(await thrownBy(start(api))).toMatchObject({ code: "TIMEOUT", details: { timeoutMs: 20 } });
    await api.close();
  });

  test.each(cases)("is ended by deadlineMs: it $silence, for $call", async ({ transport, start }) => {
    const api = await open(transport, { timeoutMs: 0, deadlineMs: 20 });
    expect(await thrownBy(start(api))).toMatchObject({ code: "TIMEOUT", details: { timeoutMs: 20 } });
    await api.close();
  });

  test.each(cases)("is ended by a signal: it $silence, for $call", async ({ transport, start }) => {
    const api = await open(transport, { timeoutMs: 0 });
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort("enough"), 20);
    expect(await thrownBy(start(api, { signal }))).toMatchObject({ code: "ABORTED", cause: "enough" });
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await api.close();
  });

  test.each(cases)("is ended by close(): it $silence, for $call", async ({ transport, start }) => {
    const api = await open(transport, { timeoutMs: 30 });
    const thrown = thrownBy(start(api));
    await pause(0);
    await api.close();
    expect((await thrown).code).toMatch(/^(?:TIMEOUT|ABORTED)$/);
  });
});

describe("close()", () => {
  test.each([
    { what: "between two calls", options: { until: () => false, everyMs: 60_000 } },
    { what: "for a function that never settles", options: { until: () => new Promise<boolean>(() => {}) } },
  ])("ends waiting at once: $what", async ({ options }) => {
    const api = await open(createMemoryTransport(() => ({ body: new TextEncoder().encode("{}") })));
    const thrown = thrownBy(api.waitFor("op", {}, options));
    await pause(50);
    await api.close();
    expect(await thrown).toMatchObject({ code: "ABORTED" });
  });

  test("ends a walk of pages at the next page", async () => {
    const transport = createMemoryTransport(({ url }) => ({
      headers: { link: `<${url}x>; rel="next"` },
      body: new TextEncoder().encode("[1]"),
    }));
    const api = await openText(operationText("", { method: "GET" }), { transport });
    const pages = api.pages("op");
    const first = await pages.next();
    expect(first.done).toBe(false);
    await api.close();
    expect((await thrownBy(pages.next())).code).toBe("ABORTED");
  });

  test("ends a call that has no limit some time later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let given: AbortSignal | undefined;
    const transport = (_: unknown, { signal }: Exchange) => {
      given = signal;
      return never();
    };
    const api = await open(transport, { timeoutMs: 0 });
    const thrown = thrownBy(api.run("op"));
    await vi.waitUntil(() => given !== undefined);
    const closing = api.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
    expect(await thrown).toMatchObject({ code: "ABORTED", message: expect.stringContaining("is closed") });
    expect(given?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends a call of the package's own transport that has no limit", async () => {
    const server = createServer(() => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const baseUri = `http://127.0.0.1:${port}`;
    const api = await openText(operationText("", { method: "GET" }), { baseUri, timeoutMs: 0 });
    const thrown = thrownBy(api.run("op"));
    await once(server, "request");
    await api.close();
    expect(await thrown).toMatchObject({ code: "ABORTED" });
    await new Promise(resolve => server.close(resolve));
  });

  test("ends a look-up that has no limit, and nothing is sent after it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let find: ((value: string) => void) | undefined;
    let sent = 0;
    const api = await open(
      createMemoryTransport(() => ({ status: 200 + sent++ })),
      {
        timeoutMs: 0,
        bindTimeoutMs: 0,
        bindSources: [
          () =>
            new Promise(resolve => {
              find = resolve;
            }),
        ],
      },
    );
    const thrown = thrownBy(api.run("op"));
    await vi.waitUntil(() => find !== undefined);
    const closing = api.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
    find?.(SECRET);
    expect(await thrown).toMatchObject({ code: "ABORTED" });
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toBe(0);
  });

  test("ends a pause before another attempt", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let sent = 0;
    const busy = () => ({ status: 503, headers: { "retry-after": "50" }, body: new Uint8Array(++sent) });
    const api = await openText(operationText(""), {
      retries: 1,
      timeoutMs: 1_000,
      transport: createMemoryTransport(busy),
    });
    const thrown = thrownBy(api.run("op"));
    await vi.waitUntil(() => sent === 1);
    const closing = api.close();
    await vi.advanceTimersByTimeAsync(1_000);
    await closing;
    expect(await thrown).toMatchObject({ code: "ABORTED" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toBe(1);
  });
});

/** Values that functions throw. `make` gives another one each time. */
const THROWN: readonly { thing: string; make: () => unknown }[] = [
  { thing: "an error", make: () => new Error(`no ${SECRET}`) },
  { thing: "a string", make: () => `no ${SECRET}` },
  { thing: "undefined", make: () => undefined },
  { thing: "null", make: () => null },
  { thing: "a symbol", make: () => Symbol(SECRET) },
  { thing: "an object without a prototype", make: () => Object.create(null) },
  {
    thing: "an object whose toString throws",
    make: () => ({
      toString: () => {
        throw new Error(SECRET);
      },
    }),
  },
  { thing: "an error whose members throw", make: withThrowingMembers },
  { thing: "a frozen error", make: () => Object.freeze(new Error(`no ${SECRET}`)) },
  { thing: "an error that is its own cause", make: circular },
  { thing: "an object that traps everything", make: trap },
  { thing: "what only looks like a CapabilityError", make: () => Object.create(CapabilityError.prototype) },
  {
    thing: "an error with a secret as its code",
    make: () => Object.assign(new Error("no"), { code: `${SECRET} !` }),
  },
];

function withThrowingMembers(): unknown {
  const error = new Error("no");
  for (const name of ["message", "code", "cause", "name"])
    Object.defineProperty(error, name, {
      get: () => {
        throw new Error(SECRET);
      },
    });
  return error;
}

function circular(): unknown {
  const error = new Error(`no ${SECRET}`);
  error.cause = { cause: error };
  return error;
}

function trap(): unknown {
  const fail = () => {
    throw new TypeError(SECRET);
  };
  const traps = { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail };
  return new Proxy({}, traps);
}

describe("what a function of the program throws", () => {
  const ways = [
    {
      way: "at once",
      fail: (thrown: unknown) => () => {
        throw thrown;
      },
    },
    {
      way: "later",
      fail: (thrown: unknown) => async () => {
        throw thrown;
      },
    },
    {
      way: "from a body",
      fail: (thrown: unknown) => () =>
        bodyOf(() => {
          throw thrown;
        }),
    },
  ];
  const cases = THROWN.flatMap(thrown => ways.map(way => ({ ...thrown, ...way })));

  test.each(cases)("is the cause of NETWORK where a transport throws it: $thing, $way", async ({ make, fail }) => {
    const thrown = make();
    const api = await open(fail(thrown));
    const error = await thrownBy(api.run("op"));
    expect(error).toMatchObject({ code: "NETWORK", details: { operation: "op" } });
    expectCause(error, thrown);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error.details)}`).not.toContain(MARK);
    await api.close();
  });

  test("is passed on where it is a CapabilityError, with secrets masked", async () => {
    const api = await open(() => {
      throw new CapabilityError("RESPONSE_TOO_LARGE", {
        message: `too much of ${SECRET}`,
        details: { maxBytes: 5, url: `https://api.test/?k=${SECRET}` },
      });
    });
    const error = await thrownBy(api.run("op"));
    expect(error).toMatchObject({ code: "RESPONSE_TOO_LARGE", details: { maxBytes: 5 } });
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain(MARK);
  });

  test.each(THROWN)("is the cause of BIND_MISSING where a bind function throws it: $thing", async ({ make }) => {
    const thrown = make();
    const fail = () => {
      throw thrown;
    };
    for (const source of [fail, { describe: fail, serves: fail, lookup: fail }]) {
      const api = await open(
        createMemoryTransport(() => ({})),
        { bindSources: [source] },
      );
      const error = await thrownBy(api.run("op"));
      expect(error).toMatchObject({ code: "BIND_MISSING", details: { variables: ["TOKEN"] } });
      expectCause(error, thrown);
      await api.close();
    }
  });

  test.each(THROWN)("is the cause of ABORTED where the function until throws it: $thing", async ({ make }) => {
    const thrown = make();
    const api = await open(createMemoryTransport(() => ({})));
    const until = () => {
      throw thrown;
    };
    const error = await thrownBy(api.waitFor("op", {}, { until }));
    expect(error).toMatchObject({ code: "ABORTED", details: { operation: "op" } });
    expectCause(error, thrown);
    expect(error.message).not.toContain(MARK);
  });

  test.each(THROWN)("is a warning where a listener throws it, now or later: $thing", async ({ make }) => {
    const thrown = make();
    const told: string[] = [];
    const now = () => {
      throw thrown;
    };
    const later = async () => {
      throw thrown;
    };
    const transport = createMemoryTransport(() => ({ body: Buffer.from('{"a":1}') }));
    for (const listener of [now, later]) {
      const api = await open(transport, { onEvent: listener });
      expect((await api.run("op")).status).toBe(200);
      let calls = 0;
      await api.waitFor("op", {}, { until: () => ++calls > 1, everyMs: 1, onCall: listener } as WaitOptions);
      await api.close();
    }
    await pause(0);
    told.push(...stray.splice(0));
    expect(told).toHaveLength(2);
    for (const text of told) expect(text).toMatch(/^NAFTIKO_LISTENER: The function onEvent failed: /);
    expect(told.join(" ")).not.toContain(MARK);
  });

  test.each(THROWN)("is the cause of NETWORK where a body of the program throws it: $thing", async ({ make }) => {
    const thrown = make();
    const bodies = [
      {
        size: 1,
        stream: () => {
          throw thrown;
        },
      },
      {
        size: 1,
        stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) }),
      },
      { size: 1, stream: () => thrown },
    ];
    const api = await openText(operationText(WITH_BIND, { method: "POST", baseUri: "http://127.0.0.1:9" }), {
      retries: 0,
      env: { TOKEN: "t" },
    });
    for (const body of bodies)
      expect((await thrownBy(api.run("op", { body }))).code).toMatch(/^(?:NETWORK|INPUT_INVALID)$/);
    await api.close();
  });
});

describe("an answer of a transport that is none", () => {
  const body = new Uint8Array();
  const none: readonly (readonly [what: string, answer: unknown])[] = [
    ["nothing", undefined],
    ["null", null],
    ["a number", 7],
    ["a text", "200 OK"],
    ["an empty object", {}],
    ["a Response", new Response("{}")],
    ["no status", response({ status: undefined })],
    ["a status as text", response({ status: "200" })],
    ["a status that is none", response({ status: 99 })],
    ["a status of NaN", response({ status: Number.NaN })],
    ["a statusText that is a number", response({ statusText: 5 })],
    ["headers that are missing", { status: 200, body }],
    ["headers as a Map", response({ headers: new Map([["content-type", "text/plain"]]) })],
    ["headers as Headers", response({ headers: new Headers({ a: "b" }) })],
    ["headers as pairs", response({ headers: [["a", "b"]] })],
    ["a header that is a number", response({ headers: { "content-length": 5 } })],
    ["a header that is an object", response({ headers: { a: { toString: 1 } } })],
    ["a body as text", response({ body: "{}" })],
    ["a body as an ArrayBuffer", response({ body: new ArrayBuffer(2) })],
    ["no body", { status: 200, headers: {} }],
    ["chunks that are a list", response({ chunks: [new Uint8Array(1)] })],
    ["chunks that are a number", response({ chunks: 5 })],
    ["pieces that are texts", bodyOf(() => ({ done: false, value: "{}" }))],
    ["pieces that are nothing", bodyOf(() => undefined)],
    ["a URL that is none", response({ url: "nowhere" })],
    ["members that throw", trap()],
  ];

  test.each(none)("is refused: %s", async (_, given) => {
    for (const { start } of CALLS) {
      const api = await open(async () => given);
      expect(await thrownBy(start(api))).toMatchObject({ code: "NETWORK" });
      await api.close();
    }
  });

  test("is read once: what it says later does not count", async () => {
    let reads = 0;
    const given = response({});
    Object.defineProperty(given, "status", { get: () => (reads++ === 0 ? 200 : "500"), enumerable: true });
    const api = await open(async () => given);
    expect((await api.run("op")).status).toBe(200);
    expect(reads).toBe(1);
  });

  test("holds no more than maxResponseBytes", async () => {
    const api = await open(async () => response({ body: new Uint8Array(11) }), { maxResponseBytes: 10 });
    expect(await thrownBy(api.run("op"))).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });
});

describe("a program's functions that are waited for", () => {
  const looked = [{ call: "prepare", start: (api: Api, options?: object) => api.prepare("op", {}, options) }, ...CALLS];
  const hidden = { bindTimeoutMs: 0, timeoutMs: 0, bindSources: [never] };

  test.each(looked)("a bind function is ended by a signal: $call", async ({ start }) => {
    const api = await open(
      createMemoryTransport(() => ({})),
      hidden,
    );
    const thrown = thrownBy(start(api, { signal: AbortSignal.timeout(20) }));
    expect(await thrown).toMatchObject({ code: "ABORTED", details: { operation: "op" } });
  });

  test.each(looked)("a bind function is ended by deadlineMs: $call", async ({ start }) => {
    const api = await open(
      createMemoryTransport(() => ({})),
      { ...hidden, deadlineMs: 20 },
    );
    const thrown = thrownBy(start(api));
    expect(await thrown).toMatchObject({ code: "TIMEOUT", details: { operation: "op", reason: "deadline" } });
  });

  test("a bind function that gives a thenable is ended by bindTimeoutMs", async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what the test is about
    const thenable = Object.assign(() => {}, { then() {} });
    const source = () => thenable as unknown as string;
    const api = await open(
      createMemoryTransport(() => ({})),
      { bindTimeoutMs: 20, bindSources: [source] },
    );
    expect(await thrownBy(api.run("op"))).toMatchObject({ code: "BIND_MISSING" });
  });

  test("the function until is ended by forMs, and by a signal", async () => {
    const api = await open(createMemoryTransport(() => ({ body: Buffer.from("1") })));
    const late = await thrownBy(api.waitFor("op", {}, { until: never, forMs: 20 }));
    expect(late).toMatchObject({ code: "TIMEOUT", details: { outputs: 1 } });
    const signal = AbortSignal.timeout(20);
    expect(await thrownBy(api.waitFor("op", {}, { until: never, signal }))).toMatchObject({
      code: "ABORTED",
    });
  });
});

describe("after a call", () => {
  test("a body that is not wanted is told so, and not waited for", async () => {
    const told: string[] = [];
    const chunks = (what: string) => ({
      next: never,
      return() {
        told.push(what);
        return never();
      },
    });
    let settle: ((given: unknown) => void) | undefined;
    const late = await open(
      () =>
        new Promise(resolve => {
          settle = resolve;
        }),
      { timeoutMs: 10 },
    );
    expect((await thrownBy(late.run("op"))).code).toBe("TIMEOUT");
    settle?.(response({ chunks: chunks("comes too late") }));
    const slow = await open(async () => response({ chunks: chunks("takes too long") }), { timeoutMs: 10 });
    expect((await thrownBy(slow.run("op"))).code).toBe("TIMEOUT");
    const head = { status: 302, headers: { location: "/elsewhere" } };
    let sent = 0;
    const moved = await openText(operationText(""), {
      transport: (async () =>
        sent++ === 0
          ? response({ ...head, chunks: chunks("is of a redirect") })
          : response({})) as unknown as Transport,
    });
    expect((await moved.run("op")).status).toBe(200);
    expect(told.sort()).toEqual(["comes too late", "is of a redirect", "takes too long"]);
  });

  test("no listener stays with a signal, and none is warned of, after 10,000 calls", async () => {
    const { signal } = new AbortController();
    const api = await open(
      createMemoryTransport(() => ({})),
      { deadlineMs: 60_000 },
    );
    const batch = () => Promise.all(Array.from({ length: 50 }, () => api.run("op", {}, { signal })));
    for (let calls = 0; calls < 10_000; calls += 50) await batch();
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await api.close();
  });

  test.each(CALLS)("no timer stays: $call", async ({ call, start }) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const transport = () => response({ body: Buffer.from("[1]") });
    const api = await open(transport, { timeoutMs: 9_000, deadlineMs: 9_000 });
    const ends: Readonly<Record<string, object>> = {
      waitFor: { until: () => true },
      pages: { pagination: { page: { input: "body" } } },
    };
    await start(api, ends[call]);
    await api.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
