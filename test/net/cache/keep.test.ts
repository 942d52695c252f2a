import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TlsIdentity } from "../../../src/net/transport.ts";
import { type ReceivedRequest, startUpstream, type Upstream } from "../../support/upstream.ts";
import { type Asked, asker, MEDIA, openCache } from "./open-cache.ts";

type Headers = Readonly<Record<string, string>>;

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly tls?: TlsIdentity;
  readonly uncached?: boolean;
  /** Seconds since the call before. */
  readonly after?: number;
  /** Use of the cache by the request. */
  readonly is: Asked["result"];
  readonly status?: number;
  /** How often the API was asked, where that is not what `is` says. */
  readonly requests?: number;
}

/** Answers the nth request with a body that says so. */
interface Answer {
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string;
}

interface Case {
  readonly what: string;
  readonly answer: Answer | ((request: ReceivedRequest, number: number) => Answer | "none");
  readonly calls: readonly Call[];
}

const MINUTE: Headers = { "cache-control": "max-age=60" };
const NOW = Date.parse("2026-11-25T12:00:00Z");
const YESTERDAY = new Date(NOW - 86_400_000).toUTCString();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const identity = (id: string): TlsIdentity => ({ id, certificate: "", privateKey: "" });

/** Answers 304 to who has the tag. */
const tagged =
  (headers: Headers, validated: Headers = {}) =>
  ({ headers: { "if-none-match": tag } }: ReceivedRequest): Answer =>
    tag === '"1"' ? { status: 304, headers: validated } : { headers: { etag: '"1"', ...headers } };

/** Breaks down after the first answer. */
const failing =
  (headers: Headers, failure: Answer | "none") =>
  (_: ReceivedRequest, number: number): Answer | "none" =>
    number === 1 ? { headers } : failure;

const freshness: readonly Case[] = [
  {
    what: "answers again while max-age lasts",
    answer: { headers: MINUTE },
    calls: [{ is: "stored" }, { is: "hit" }, { after: 59, is: "hit" }, { after: 2, is: "stored" }],
  },
  {
    what: "answers again until Expires",
    answer: { headers: { expires: new Date(NOW + 60_000).toUTCString() } },
    calls: [{ is: "stored" }, { after: 59, is: "hit" }, { after: 2, is: "asked" }],
  },
  {
    what: "counts the Age of an answer",
    answer: { headers: { ...MINUTE, age: "50" } },
    calls: [{ is: "stored" }, { after: 9, is: "hit" }, { after: 2, is: "stored" }],
  },
  {
    what: "guesses from Last-Modified: a tenth of the age (4.2.2)",
    answer: { headers: { "last-modified": YESTERDAY } },
    calls: [{ is: "stored" }, { after: 8_000, is: "hit" }, { after: 1_000, is: "stored" }],
  },
  {
    what: "keeps nothing that says nothing",
    answer: {},
    calls: [{ is: "asked" }, { is: "asked" }],
  },
  {
    what: "prefers max-age to Expires, and leaves s-maxage to shared caches",
    answer: { headers: { "cache-control": "s-maxage=0, max-age=60", expires: YESTERDAY } },
    calls: [{ is: "stored" }, { is: "hit" }],
  },
  {
    what: "keeps what is private",
    answer: { headers: { "cache-control": "private, max-age=60" } },
    calls: [{ is: "stored" }, { is: "hit" }],
  },
  {
    what: "keeps nothing that says no-store",
    answer: { headers: { "cache-control": "max-age=60, no-store" } },
    calls: [{ is: "asked" }, { is: "asked" }],
  },
  {
    what: "keeps nothing of a request that says no-store, and gives it nothing kept",
    answer: { headers: MINUTE },
    calls: [
      { headers: { "cache-control": "no-store" }, is: "asked" },
      { is: "stored" },
      { headers: { "cache-control": "no-store" }, is: "asked" },
    ],
  },
  {
    what: "keeps nothing with max-age=0 that cannot be validated",
    answer: { headers: { "cache-control": "max-age=0" } },
    calls: [{ is: "asked" }, { is: "asked" }],
  },
  {
    what: "obeys max-age, min-fresh and max-stale of a request",
    answer: { headers: MINUTE },
    calls: [
      { is: "stored" },
      { after: 30, headers: { "cache-control": "max-age=40" }, is: "hit" },
      { headers: { "cache-control": "min-fresh=20" }, is: "hit" },
      { after: 40, headers: { "cache-control": "max-stale=20" }, is: "hit" },
      { headers: { "cache-control": "max-age=60" }, is: "stored" },
    ],
  },
  {
    what: "gives 504 for only-if-cached where nothing is kept",
    answer: { headers: MINUTE },
    calls: [
      { headers: { "cache-control": "only-if-cached" }, is: "asked", status: 504, requests: 0 },
      { is: "stored" },
      { headers: { "cache-control": "only-if-cached" }, is: "hit" },
    ],
  },
  {
    what: "asks for who says pragma: no-cache",
    answer: { headers: MINUTE },
    calls: [{ is: "stored" }, { headers: { pragma: "no-cache" }, is: "stored" }],
  },
  {
    what: "keeps no failure",
    answer: { status: 404, headers: MINUTE },
    calls: [
      { is: "asked", status: 404 },
      { is: "asked", status: 404 },
    ],
  },
  {
    what: "keeps a redirect",
    answer: { status: 301, headers: { ...MINUTE, location: "/b" } },
    calls: [
      { is: "stored", status: 301 },
      { is: "hit", status: 301 },
    ],
  },
];

const validation: readonly Case[] = [
  {
    what: "validates by ETag when stale",
    answer: tagged(MINUTE),
    calls: [{ is: "stored" }, { after: 61, is: "revalidated" }],
  },
  {
    what: "is fresh again after validation",
    answer: tagged(MINUTE, { "x-new": "1" }),
    calls: [
      { is: "stored" },
      { after: 61, is: "revalidated" },
      { after: 59, is: "hit" },
      { after: 2, is: "revalidated" },
    ],
  },
  {
    what: "takes a new lifetime from a validation",
    answer: tagged(MINUTE, { "cache-control": "max-age=600" }),
    calls: [{ is: "stored" }, { after: 61, is: "revalidated" }, { after: 500, is: "hit" }],
  },
  {
    what: "drops what a validation says no-store of",
    answer: tagged(MINUTE, { "cache-control": "no-store" }),
    calls: [{ is: "stored" }, { after: 61, is: "revalidated" }, { is: "stored" }],
  },
  {
    what: "validates each time with no-cache",
    answer: tagged({ "cache-control": "no-cache" }),
    calls: [{ is: "stored" }, { is: "revalidated" }, { is: "revalidated" }],
  },
  {
    what: "validates each time with max-age=0",
    answer: tagged({ "cache-control": "max-age=0, must-revalidate" }),
    calls: [{ is: "stored" }, { is: "revalidated" }],
  },
  {
    what: "validates each time what has a tag and says nothing else",
    answer: tagged({}),
    calls: [{ is: "stored" }, { is: "revalidated" }, { after: 3_600, is: "revalidated" }],
  },
  {
    what: "validates for a request that says no-cache",
    answer: tagged(MINUTE),
    calls: [{ is: "stored" }, { headers: { "cache-control": "no-cache" }, is: "revalidated" }, { is: "hit" }],
  },
  {
    what: "validates by Last-Modified",
    answer: ({ headers }) =>
      headers["if-modified-since"] === YESTERDAY
        ? { status: 304 }
        : { headers: { ...MINUTE, "last-modified": YESTERDAY } },
    calls: [{ is: "stored" }, { after: 61, is: "revalidated" }, { is: "hit" }],
  },
  {
    what: "takes the new answer where the old is not valid",
    answer: (_, number) => ({ headers: { ...MINUTE, etag: `"${number}"` } }),
    calls: [{ is: "stored" }, { after: 61, is: "stored" }, { is: "hit" }],
  },
  {
    what: "asks anew where a validation is of another version",
    answer: (_, number) => ({
      status: number === 2 ? 304 : 200,
      headers: { ...MINUTE, etag: `"${number}"` },
    }),
    calls: [{ is: "stored" }, { after: 61, is: "stored", requests: 2 }, { is: "hit" }],
  },
  {
    what: "leaves a condition of the caller's own to the API",
    answer: tagged(MINUTE),
    calls: [{ is: "stored" }, { headers: { "if-none-match": '"1"' }, is: "asked", status: 304 }, { is: "hit" }],
  },
  {
    what: "leaves a range to the API",
    answer: { headers: MINUTE },
    calls: [{ is: "stored" }, { headers: { range: "bytes=0-1" }, is: "asked" }],
  },
];

const errors: readonly Case[] = [
  {
    what: "answers with what is stale where stale-if-error allows it, for an error",
    answer: failing({ "cache-control": "max-age=60, stale-if-error=600" }, { status: 503 }),
    calls: [{ is: "stored" }, { after: 61, is: "hit", requests: 1 }, { after: 700, is: "asked", status: 503 }],
  },
  {
    what: "answers with what is stale where stale-if-error allows it, for no answer",
    answer: failing({ "cache-control": "max-age=60, stale-if-error=600" }, "none"),
    calls: [{ is: "stored" }, { after: 61, is: "hit", requests: 1 }],
  },
  {
    what: "gives the error otherwise",
    answer: failing(MINUTE, { status: 503 }),
    calls: [{ is: "stored" }, { after: 61, is: "asked", status: 503 }],
  },
  {
    what: "gives the error where must-revalidate forbids to be stale",
    answer: failing({ "cache-control": "max-age=60, stale-if-error=600, must-revalidate" }, { status: 503 }),
    calls: [{ is: "stored" }, { after: 61, is: "asked", status: 503 }],
  },
  {
    what: "asks nothing in the background",
    answer: { headers: { "cache-control": "max-age=60, stale-while-revalidate=600" } },
    calls: [{ is: "stored" }, { after: 61, is: "stored" }],
  },
];

const selection: readonly Case[] = [
  {
    what: "keeps answers by what Vary names",
    answer: { headers: { ...MINUTE, vary: "Accept-Language" } },
    calls: [
      { headers: { "accept-language": "de" }, is: "stored" },
      { headers: { "accept-language": "fr" }, is: "stored" },
      { headers: { "accept-language": "de" }, is: "hit" },
      { headers: { "accept-language": "fr" }, is: "hit" },
      { is: "stored" },
    ],
  },
  {
    what: "does not tell apart what Vary does not name",
    answer: { headers: { ...MINUTE, vary: "accept" } },
    calls: [
      { headers: { "accept-language": "de", "user-agent": "a" }, is: "stored" },
      { headers: { "accept-language": "fr", "user-agent": "b" }, is: "hit" },
    ],
  },
  {
    what: "keeps nothing with Vary: *",
    answer: { headers: { ...MINUTE, vary: "*" } },
    calls: [{ is: "asked" }, { is: "asked" }],
  },
  {
    what: "keeps URLs apart",
    answer: { headers: MINUTE },
    calls: [
      { path: "/a?b=1", is: "stored" },
      { path: "/a?b=2", is: "stored" },
      { path: "/a?b=1", is: "hit" },
    ],
  },
  {
    what: "keeps HEAD and GET apart",
    answer: { headers: MINUTE },
    calls: [
      { method: "HEAD", is: "stored" },
      { method: "GET", is: "stored" },
      { method: "HEAD", is: "hit" },
    ],
  },
  {
    what: "leaves a GET with a body alone",
    answer: { headers: MINUTE },
    calls: [{ is: "stored" }, { body: "x", is: "asked" }],
  },
  ...["authorization", "cookie", "x-api-key", "x-anything-at-all", "traceparent"].map(name => ({
    what: `tells callers apart by ${name}, though Vary does not`,
    answer: { headers: { "cache-control": "public, max-age=60" } },
    calls: [
      { headers: { [name]: "one" }, is: "stored" as const },
      { headers: { [name]: "two" }, is: "stored" as const },
      { is: "stored" as const },
      { headers: { [name]: "one" }, is: "hit" as const },
      { headers: { [name]: "two" }, is: "hit" as const },
    ],
  })),
  {
    what: "keeps answers to a credential for that credential, whatever they say",
    answer: { headers: { ...MINUTE, vary: "Authorization" } },
    calls: [
      { headers: bearer("a"), is: "stored" },
      { headers: bearer("b"), is: "stored" },
      { headers: bearer("a"), is: "hit" },
    ],
  },
  {
    what: "tells certificates apart",
    answer: { headers: MINUTE },
    calls: [
      { tls: identity("a"), is: "stored" },
      { tls: identity("b"), is: "stored" },
      { is: "stored" },
      { tls: identity("a"), is: "hit" },
    ],
  },
  {
    what: "asks for a call that says so, and keeps nothing of it",
    answer: { headers: MINUTE },
    calls: [{ uncached: true, is: "asked" }, { is: "stored" }, { uncached: true, is: "asked" }],
  },
];

const invalidation: readonly Case[] = [
  ...["POST", "PUT", "PATCH", "DELETE"].map(method => ({
    what: `forgets a URL after a ${method} to it, whoever sent it`,
    answer: { headers: MINUTE },
    calls: [
      { headers: bearer("a"), is: "stored" as const },
      { method, headers: { ...bearer("b"), "content-type": "text/plain" }, body: "x", is: "asked" as const },
      { headers: bearer("a"), is: "stored" as const },
    ],
  })),
  {
    what: "forgets nothing after one that failed",
    answer: ({ method }) => (method === "POST" ? { status: 422 } : { headers: MINUTE }),
    calls: [{ is: "stored" }, { method: "POST", is: "asked", status: 422 }, { is: "hit" }],
  },
  {
    what: "forgets what Location names",
    answer: ({ method }) => (method === "POST" ? { status: 201, headers: { location: "/a/1" } } : { headers: MINUTE }),
    calls: [
      { path: "/a/1", is: "stored" },
      { path: "/a", method: "POST", is: "asked", status: 201 },
      { path: "/a/1", is: "stored" },
    ],
  },
];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(MEDIA)("cachingTransport() with a %s", medium => {
  it.each([...freshness, ...validation, ...errors, ...selection, ...invalidation])(
    "$what",
    async ({ answer, calls }) => {
      const upstream = await startAnswering(answer);
      const cache = await openCache(medium);
      try {
        const ask = asker(cache);
        const expected = calls.map(({ is, status = 200 }) => ({ result: is, status }));
        const found: { result: string; status: number }[] = [];
        for (const { method = "GET", path = "/a", headers = {}, body, tls, uncached, after = 0 } of calls) {
          vi.setSystemTime(Date.now() + after * 1_000);
          const request = {
            method,
            url: upstream.url + path,
            headers,
            ...(body === undefined ? {} : { body }),
          };
          const { result, response } = await ask(request, { tls }, uncached);
          found.push({ result, status: response.status });
        }
        expect(found).toEqual(expected);
        const sent = calls.map(({ is, requests = is === "hit" ? 0 : 1 }) => requests);
        expect(upstream.requests.length).toBe(sent.reduce((sum, count) => sum + count));
      } finally {
        await cache.close();
        await upstream.close();
      }
    },
  );
});

async function startAnswering(answer: Case["answer"]): Promise<Upstream> {
  let number = 0;
  return startUpstream((request, response) => {
    number++;
    const given = typeof answer === "function" ? answer(request, number) : answer;
    if (given === "none") response.destroy();
    else send(response, { body: `answer ${number}`, ...given });
  });
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  // Node keeps a clock of its own for it.
  response.sendDate = false;
  response.writeHead(status, { date: new Date().toUTCString(), ...headers });
  response.end(status === 304 ? undefined : body);
}

it.each(MEDIA)("gives header fields as the API has sent them, with a %s", async medium => {
  const upstream = await startAnswering(tagged({ "x-a": "1" }, { "x-b": "2" }));
  const cache = await openCache(medium);
  const ask = asker(cache);
  for (const { result, more } of [
    { result: "stored", more: {} },
    { result: "revalidated", more: { "x-b": "2" } },
    { result: "revalidated", more: { "x-b": "2" } },
  ]) {
    const asked = await ask({ method: "GET", url: upstream.url, headers: {} });
    expect({ result: asked.result, text: asked.text }).toEqual({ result, text: "answer 1" });
    const { connection: _, "transfer-encoding": __, "content-length": ___, ...headers } = asked.response.headers;
    expect(headers).toEqual({ date: new Date(NOW).toUTCString(), etag: '"1"', "x-a": "1", ...more });
  }
  await cache.close();
  await upstream.close();
});
