import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StreamItem } from "../../src/engine/response/stream-items.ts";
import type { Capability } from "../../src/library/capability.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { capabilityText } from "../support/capability-text.ts";
import { documentOf } from "../support/open-text.ts";
import { type Answerer, startUpstream, type Upstream } from "../support/upstream.ts";
import { withTime } from "../support/with-time.ts";

const EVENTS = { "content-type": "text/event-stream" };

interface Case {
  readonly what: string;
  readonly type: string;
  /** Pieces of the body as they arrive. */
  readonly pieces: readonly (string | Uint8Array)[];
  /** The operation; `all` by default, which declares no outputs. */
  readonly operation?: string;
  readonly maxResponseBytes?: number;
}

const streams: readonly (Case & { readonly items: readonly Partial<StreamItem>[] })[] = [
  {
    what: "lines of JSON",
    type: "application/x-ndjson",
    pieces: ['{"n":1}\n{"n"', ":2}", '\r\n\n[3]\n"4"\n'],
    items: [{ body: { n: 1 } }, { body: { n: 2 } }, { body: [3] }, { body: "4" }],
  },
  {
    what: "a last line without its end",
    type: "application/jsonl",
    pieces: ["1\n2"],
    items: [{ body: 1 }, { body: 2 }],
  },
  { what: "no lines at all", type: "application/x-ndjson", pieces: [], items: [] },
  {
    what: "a character in two pieces",
    type: "application/x-ndjson; charset=utf-8",
    pieces: [Buffer.from('"é"\n').subarray(0, 2), Buffer.from('"é"\n').subarray(2)],
    items: [{ body: "é" }],
  },
  {
    what: "lines in another charset",
    type: "Application/X-NDJSON;charset=latin1",
    pieces: [Buffer.from('"é"\n', "latin1")],
    items: [{ body: "é" }],
  },
  {
    what: "a sequence of JSON texts",
    type: "application/json-seq",
    pieces: ['\u001e{"n":\n1}\n\u001e', "2\n"],
    items: [{ body: { n: 1 } }, { body: 2 }],
  },
  {
    what: "events, JSON and not",
    type: "text/event-stream; charset=utf-8",
    pieces: [": hello\n\n", 'event: tick\nid: 7\ndata: {"n":1}\n', "\n", "data: [DONE]\n\ndata: two\ndata: lines\n\n"],
    items: [{ body: { n: 1 }, event: "tick", id: "7" }, { body: "[DONE]" }, { body: "two\nlines" }],
  },
  {
    what: "events with every end of a line, also in two pieces",
    type: "text/event-stream",
    pieces: ["data: 1\r", "\n\r", "\ndata: 2\r\r", "data: 3\r\n", "\ndata: 4\n", "\n"],
    items: [{ body: 1 }, { body: 2 }, { body: 3 }, { body: 4 }],
  },
  {
    what: "events among lines that mean nothing",
    type: "text/event-stream",
    pieces: ["retry: x\nnobody: knows\nid: \0\nevent\n\n: \n\ndata\nother\ndata: 1\n\nid: 3\n\ndata:2\n\n"],
    items: [{ body: 1 }, { body: 2 }],
  },
  ...["data: 2", "data: 2\n", "data: 2\r", "data: 2\r\n"].map(last => ({
    what: `a last event that ends with ${JSON.stringify(last)}`,
    type: "text/event-stream",
    pieces: ["data: 1\n\n", last],
    items: [{ body: 1 }, { body: 2 }],
  })),
  {
    what: "a last event without its end",
    type: "text/event-stream",
    pieces: ["data: 1\n\ndata: 2"],
    items: [{ body: 1 }, { body: 2 }],
  },
  {
    what: "outputs of each item",
    type: "application/x-ndjson",
    operation: "names",
    pieces: ['{"name":"a","x":1}\n{"x":2}\n'],
    items: [{ outputs: { name: "a" } }, { outputs: { name: null } }],
  },
  {
    what: "texts for an operation of text",
    type: "application/x-ndjson",
    operation: "text",
    pieces: ['{"n":1}\nx\n'],
    items: [{ body: '{"n":1}' }, { body: "x" }],
  },
  {
    what: "a table as one item, whatever its content type says",
    type: "application/x-ndjson",
    operation: "table",
    pieces: ["a\n1", "\n"],
    items: [{ body: [{ a: "1" }] }],
  },
  {
    what: "an answer that is no stream as one item",
    type: "application/json",
    pieces: ['{"n":', "1}"],
    items: [{ body: { n: 1 }, outputs: { n: 1 } }],
  },
];

const failures: readonly (Case & { readonly items: number; readonly fails: object })[] = [
  {
    what: "a line that is not JSON",
    type: "application/x-ndjson",
    pieces: ['{"n":1}\n{"n"\n{"n":3}\n'],
    items: 1,
    fails: {
      code: "RESPONSE_INVALID",
      message: expect.stringContaining('Cannot decode item 2 of the answer to "all" as json: it is not JSON'),
      details: { operation: "all", format: "json", status: 200, item: 2, body: '{"n"' },
    },
  },
  {
    what: "a last line that is cut off",
    type: "application/x-ndjson",
    pieces: ['1\n{"n":'],
    items: 1,
    fails: { code: "RESPONSE_INVALID", details: expect.objectContaining({ item: 2 }) },
  },
  {
    what: "bytes that are no UTF-8",
    type: "application/x-ndjson",
    pieces: ["1\n", Buffer.from([0x22, 0xe9, 0x22, 10])],
    items: 1,
    fails: { code: "RESPONSE_INVALID", message: expect.stringContaining("item 2") },
  },
  {
    what: "a charset that nobody knows",
    type: "application/x-ndjson; charset=klingon",
    pieces: ["1\n"],
    items: 0,
    fails: {
      code: "RESPONSE_INVALID",
      message: expect.stringContaining('its charset "klingon" is not known'),
    },
  },
  ...(
    [
      ["application/x-ndjson", "1\n"],
      ["application/json-seq", "1\u001e"],
      ["text/event-stream", "data: 1\n\ndata: "],
    ] as const
  ).map(([type, first]) => ({
    what: `an item of ${type} that does not end`,
    type,
    pieces: [first, ...Array.from({ length: 20 }, () => "x".repeat(10))],
    maxResponseBytes: 100,
    items: 1,
    fails: {
      code: "RESPONSE_TOO_LARGE",
      message: 'Item 2 of the answer to "all" is larger than 100 bytes',
      remedies: [{ option: "maxResponseBytes" }],
      details: { operation: "all", maxBytes: 100, url: "https://api.test/all" },
    },
  })),
];

const endless = [
  { what: "data between comments", piece: "data: x\n:\n" },
  { what: "a line without end", piece: "x" },
  { what: "a comment without end", piece: ":x" },
];

describe("stream()", () => {
  it.each(endless)("ends $what where the limit is", async ({ piece }) => {
    const pieces = Array.from({ length: 200 }, () => piece);
    const reading = read({ what: "", type: "text/event-stream", pieces, maxResponseBytes: 100 });
    await expect(reading).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  it.each(streams)("gives $what", async ({ items, ...given }) => {
    const found = await read(given);
    expect(found).toMatchObject(items);
    expect(found).toHaveLength(items.length);
  });

  it.each(failures)("fails with $what, after what came before", async ({ items, fails, ...given }) => {
    const found: StreamItem[] = [];
    await expect(read(given, found)).rejects.toMatchObject(fails);
    expect(found).toHaveLength(items);
  });

  it("does not keep what only keeps the connection open", async () => {
    const pieces = Array.from({ length: 100 }, () => ": still here\n\n");
    expect(await read({ what: "", type: "text/event-stream", pieces, maxResponseBytes: 100 })).toEqual([]);
  });
});

describe("run() of a stream", () => {
  it("says that it is one, and ends the connection", async () => {
    let ended = false;
    const chunks = (async function* () {
      yield new Uint8Array();
    })();
    const { return: end } = chunks;
    chunks.return = value => {
      ended = true;
      return end.call(chunks, value);
    };
    const api = await openApi("https://api.test", {
      transport: createMemoryTransport(() => ({ headers: EVENTS, chunks })),
    });
    await expect(api.run("all")).rejects.toMatchObject({
      code: "RESPONSE_INVALID",
      message: expect.stringContaining("it is a stream of items, which stream() gives"),
    });
    expect(ended).toBe(true);
  });
});

describe("a stream that never ends", () => {
  let upstream: Upstream;
  let closed: Promise<void>;

  beforeAll(async () => {
    const tick: Answerer = ({ url }, response) => {
      closed = new Promise(resolve => {
        response.on("close", resolve);
      });
      if (url === "/refused") {
        response.writeHead(403, EVENTS).end("no");
        return;
      }
      response.writeHead(200, EVENTS);
      response.write("data: 1\n\n");
    };
    upstream = await startUpstream(tick);
  });
  afterAll(() => upstream.close());

  it("ends when the loop is left", async () => {
    const api = await openApi(upstream.url);
    for await (const { body } of api.stream("all")) {
      expect(body).toBe(1);
      break;
    }
    await closed;
    await api.close();
  });

  it("ends when the signal is aborted", async () => {
    const api = await openApi(upstream.url);
    const controller = new AbortController();
    const items = api.stream("all", {}, { signal: controller.signal });
    await items.next();
    const next = items.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: "ABORTED", details: { operation: "all" } });
    await closed;
    await api.close();
  });

  it("ends when the capability closes", async () => {
    const api = await openApi(upstream.url);
    const items = api.stream("all");
    await items.next();
    const next = items.next();
    next.catch(() => {});
    await api.close();
    await expect(next).rejects.toMatchObject({ code: "ABORTED" });
    await expect(api.stream("all").next()).rejects.toThrow(TypeError);
  });

  it("ends with the connection, where nothing more comes in time", () =>
    withTime(async scale => {
      const timeoutMs = 500 * scale;
      const api = await openApi(upstream.url, { timeoutMs });
      const items = api.stream("all");
      await items.next();
      await expect(items.next()).rejects.toMatchObject({
        code: "TIMEOUT",
        message: expect.stringContaining("all: Nothing more came from"),
        details: { operation: "all", timeoutMs },
      });
      await closed;
      await api.close();
    }));

  it("is an error where the status says so", async () => {
    const api = await openApi(upstream.url);
    await expect(api.stream("refused").next()).rejects.toMatchObject({
      code: "HTTP_STATUS",
      details: { status: 403, body: "no" },
    });
    await api.close();
  });

  it("sends nothing before it is read", async () => {
    const asked = upstream.requests.length;
    const api = await openApi(upstream.url);
    await api.stream("all").return();
    await api.close();
    expect(upstream.requests).toHaveLength(asked);
  });
});

async function read(
  { type, pieces, operation = "all", maxResponseBytes }: Case,
  found: StreamItem[] = [],
): Promise<readonly StreamItem[]> {
  const transport = createMemoryTransport(() => ({
    headers: { "content-type": type },
    chunks: (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })(),
  }));
  const api = await openApi("https://api.test", {
    transport,
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
  for await (const item of api.stream(operation)) found.push(item);
  return found;
}

function openApi(baseUri: string, options: Parameters<typeof openCapability>[1] = {}): Promise<Capability> {
  const text = capabilityText({
    baseUri,
    operations: [
      { name: "all", method: "GET", path: "/all" },
      { name: "refused", method: "GET", path: "/refused" },
      {
        name: "names",
        method: "GET",
        path: "/names",
        outputParameters: [{ name: "name", type: "string", value: "$.name" }],
      },
      { name: "text", method: "GET", path: "/text", outputRawFormat: "text" },
      { name: "table", method: "GET", path: "/table", outputRawFormat: "csv" },
    ],
  });
  return openCapability(documentOf(text), { env: {}, ...options });
}
