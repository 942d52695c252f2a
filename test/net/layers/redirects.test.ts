import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { ExchangeEvent } from "../../../src/net/layers/exchange-event.ts";
import { redirects } from "../../../src/net/layers/redirects.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import type { HttpResponse, Send } from "../../../src/net/transport.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";

const FIRST = "https://api.test/v1/a?x=1";
const TLS = { id: "1", certificate: "c", privateKey: "k" };
const LIMITS = { timeoutMs: 20_000, maxResponseBytes: 1_000_000, tls: TLS };
const HEADERS = {
  accept: "application/json",
  "user-agent": "me",
  authorization: "s1",
  "x-token": "s2",
  cookie: "s3",
};
const HARMLESS = { accept: "application/json", "user-agent": "me" };

/** An answer: a status with a location, or the end. */
type Answer = readonly [status: number, location?: string | readonly string[]];

interface Case {
  readonly what: string;
  readonly request?: Partial<HttpRequest>;
  /** One after the other; then 200. */
  readonly answers: readonly Answer[];
  /** Parts of the requests that went out after the first. */
  readonly sends?: readonly Partial<HttpRequest>[];
  readonly gives?: { readonly status: number; readonly url?: string };
  readonly fails?: { readonly code: string; readonly message?: RegExp };
}

const followed: readonly Case[] = [
  ...[301, 302, 303, 307, 308].map(status => ({
    what: `a ${status} within the origin, with all headers`,
    answers: [[status, "/v2/b?y=2"]] as const,
    sends: [{ method: "GET", url: "https://api.test/v2/b?y=2", headers: HEADERS }],
    gives: { status: 200, url: "https://api.test/v2/b?y=2" },
  })),
  {
    what: "a HEAD as HEAD",
    request: { method: "HEAD" },
    answers: [[303, "/b"]],
    sends: [{ method: "HEAD", url: "https://api.test/b" }],
  },
  {
    what: "a location relative to the one before it",
    answers: [
      [302, "b/c"],
      [302, "d"],
      [302, "?z=3#part"],
    ],
    sends: [
      { url: "https://api.test/v1/b/c" },
      { url: "https://api.test/v1/b/d" },
      { url: "https://api.test/v1/b/d?z=3" },
    ],
    gives: { status: 200, url: "https://api.test/v1/b/d?z=3" },
  },
  {
    what: "a location in UTF-8",
    answers: [[302, Buffer.from("/caf\u00e9").toString("latin1")]],
    sends: [{ url: "https://api.test/caf%C3%A9" }],
  },
  {
    what: "another origin, with harmless headers alone",
    answers: [[302, "https://api.test:8443/b"]],
    sends: [{ url: "https://api.test:8443/b", headers: HARMLESS }],
  },
  {
    what: "the way back to the first origin, without what was dropped",
    answers: [
      [302, "https://api.test:8443/b"],
      [302, "https://api.test/c"],
    ],
    sends: [{ headers: HARMLESS }, { url: "https://api.test/c", headers: HARMLESS }],
  },
  {
    what: "from http to https, as to another origin",
    request: { url: "http://api.test/a" },
    answers: [[301, "https://api.test/a"]],
    sends: [{ url: "https://api.test/a", headers: HARMLESS }],
  },
  ...[307, 308].map(status => ({
    what: `a ${status} of POST within the origin, with its body`,
    request: { method: "POST", body: "b", headers: { ...HEADERS, "content-type": "text/plain" } },
    answers: [[status, "/b"]] as const,
    sends: [
      {
        method: "POST",
        url: "https://api.test/b",
        body: "b",
        headers: { ...HEADERS, "content-type": "text/plain" },
      },
    ],
  })),
  {
    what: "a 303 of GET without the body it had",
    request: { body: "b", headers: { ...HEADERS, "content-type": "text/plain" } },
    answers: [[303, "/b"]],
    sends: [{ url: "https://api.test/b", headers: HEADERS }],
  },
  {
    what: "as many as are allowed",
    answers: Array.from({ length: 5 }, (_, index): Answer => [302, `/${index}`]),
    sends: Array.from({ length: 5 }, (_, index) => ({ url: `https://api.test/${index}` })),
    gives: { status: 200, url: "https://api.test/4" },
  },
  {
    what: "one that ends in an error",
    answers: [[302, "/b"], [404]],
    sends: [{ url: "https://api.test/b" }],
    gives: { status: 404, url: "https://api.test/b" },
  },
];

const given: readonly Case[] = [
  { what: "without a location", answers: [[302]], gives: { status: 302 } },
  { what: "with an empty location", answers: [[302, ""]], gives: { status: 302 } },
  ...[300, 304, 305, 306].map(status => ({
    what: `with status ${status}`,
    answers: [[status, "/b"]] as const,
    gives: { status },
  })),
  { what: "that is none", answers: [[201, "/b"]], gives: { status: 201 } },
  ...["POST", "PUT", "DELETE"].flatMap(method =>
    [301, 302, 303].map(status => ({
      what: `of ${method} with ${status}`,
      request: { method },
      answers: [[status, "/b"]] as const,
      gives: { status },
    })),
  ),
];

const refused: readonly Case[] = [
  ...["file:///etc/passwd", "data:text/plain,x", "javascript:alert(1)", "ftp://api.test/", "mailto:a@b.test"].map(
    location => ({
      what: location,
      answers: [[302, location]] as const,
      fails: { code: "REDIRECT_REFUSED", message: /: only http and https URLs are followed$/ },
    }),
  ),
  {
    what: "plain http",
    answers: [[302, "http://api.test/v1/a"]],
    fails: { code: "REDIRECT_REFUSED", message: /: it leads from https to plain http$/ },
  },
  {
    what: "plain http, after a detour",
    answers: [
      [302, "/b"],
      [302, "http://api.test/"],
    ],
    sends: [{ url: "https://api.test/b" }],
    fails: { code: "REDIRECT_REFUSED" },
  },
  {
    what: "a URL with a password",
    answers: [[302, "https://me:5ecret@api.test/"]],
    fails: { code: "REDIRECT_REFUSED", message: /^((?!5ecret).)*: it has a user name or a password in it$/ },
  },
  {
    what: "what is no URL",
    answers: [[302, "https://[::"]],
    fails: { code: "REDIRECT_REFUSED", message: /: it is not a URL$/ },
  },
  {
    what: "two locations at once",
    answers: [[302, ["/a", "/b"]]],
    fails: { code: "REDIRECT_REFUSED", message: /: the answer has 2 locations$/ },
  },
  {
    what: "a location without end",
    answers: [[302, `/${"x".repeat(9000)}`]],
    fails: { code: "REDIRECT_REFUSED", message: /x…": a location has at most 8192 bytes$/ },
  },
  {
    what: "a circle",
    answers: Array.from({ length: 9 }, (): Answer => [302, "/v1/a?x=1"]),
    sends: Array.from({ length: 5 }, () => ({ url: FIRST })),
    fails: { code: "REDIRECT_REFUSED", message: /: at most 5 redirects are followed$/ },
  },
  {
    what: "another origin for a POST",
    request: { method: "POST", body: "b" },
    answers: [[307, "https://api.test:8443/"]],
    fails: { code: "REDIRECT_REFUSED", message: /: a POST is sent to no other origin$/ },
  },
  {
    what: "another origin for a body",
    request: { body: "b" },
    answers: [[307, "https://api.test:8443/"]],
    fails: { code: "REDIRECT_REFUSED", message: /: the request's body is sent to no other origin$/ },
  },
  {
    what: "another host",
    answers: [[302, "https://other.test/"]],
    fails: { code: "EGRESS_REFUSED", message: /other\.test/ },
  },
  {
    what: "another host, by a name that only looks the same",
    answers: [[302, "//api.test@other.test/"]],
    fails: { code: "REDIRECT_REFUSED" },
  },
];

describe("redirects()", () => {
  it.each(followed)("follows $what", async ({ sends = [], gives, ...exchange }) => {
    const { requests, result } = await run(exchange);
    expect(await result).toMatchObject(gives ?? { status: 200 });
    expect(requests.length).toBe(sends.length + 1);
    for (const [index, wanted] of sends.entries()) {
      const sent = requests[index + 1];
      expect(sent).toMatchObject(wanted);
      expect(sent?.headers).toEqual(wanted.headers ?? sent?.headers);
      expect(sent?.body).toBe(wanted.body);
    }
  });

  it.each(given)("gives an answer $what as it is", async ({ gives, ...exchange }) => {
    const { requests, result } = await run(exchange);
    expect(await result).toMatchObject(gives ?? {});
    expect(await result).not.toHaveProperty("url");
    expect(requests).toHaveLength(1);
  });

  it.each(refused)("refuses $what", async ({ sends = [], fails, ...exchange }) => {
    const { requests, result } = await run(exchange);
    await expect(result).rejects.toMatchObject({
      ...fails,
      ...(fails?.message && { message: expect.stringMatching(fails.message) }),
    });
    expect(requests.slice(1)).toEqual(sends.map(wanted => expect.objectContaining(wanted)));
  });

  it("shows a certificate to no other origin, nor again afterwards", async () => {
    const shown: unknown[] = [];
    const transport = following(
      (_, { connect }) => {
        shown.push(connect.tls);
        const location = ["/b", "https://api.test:8443/", "https://api.test/c"][shown.length - 1];
        return Promise.resolve(answerOf(location === undefined ? [200] : [302, location]));
      },
      { maxRedirects: 5 },
    );
    expect(await transport(requestOf({}), exchangeOf(LIMITS))).toMatchObject({ url: "https://api.test/c" });
    expect(shown).toEqual([TLS, TLS, undefined, undefined]);
  });

  it("tells of each, and since when the clock runs", async () => {
    const events: ExchangeEvent[] = [];
    const { result, starts } = await run(
      {
        answers: [
          [301, "/b"],
          [302, "/c"],
        ],
      },
      { observe: event => events.push(event) },
    );
    await result;
    expect(events).toEqual([
      { type: "redirect", status: 301, from: FIRST, to: "https://api.test/b" },
      { type: "redirect", status: 302, from: "https://api.test/b", to: "https://api.test/c" },
    ]);
    expect(starts[0]).toBeUndefined();
    expect(starts[1]).toEqual(expect.any(Number));
    expect(starts[2]).toBe(starts[1]);
  });

  it("ends with the time-out of the first request", async () => {
    let requests = 0;
    const transport = following(
      async () => {
        requests++;
        await new Promise(resolve => setTimeout(resolve, 40));
        return answerOf([302, `/${requests}`]);
      },
      { maxRedirects: 100 },
    );
    await expect(transport(requestOf({}), exchangeOf({ ...LIMITS, timeoutMs: 100 }))).rejects.toMatchObject({
      code: "TIMEOUT",
      details: { timeoutMs: 100 },
    });
    expect(requests).toBeLessThan(10);
  });

  it("leaves the body of a redirect unread", async () => {
    let isEnded = false;
    const chunks = {
      next: () => Promise.reject(new Error("It is read")),
      return: () => {
        isEnded = true;
        return Promise.resolve({ done: true, value: undefined } as const);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const transport = following(
      request => Promise.resolve(request.url === FIRST ? { ...answerOf([302, "/b"]), chunks } : answerOf([200])),
      { maxRedirects: 5 },
    );
    expect(await transport(requestOf({}), exchangeOf(LIMITS))).toMatchObject({ status: 200 });
    expect(isEnded).toBe(true);
  });
});

function following(inner: Send, { maxRedirects }: { readonly maxRedirects: number }): Send {
  return redirects({ maxRedirects, egress: undefined, holdsSecret: undefined })(inner);
}

async function run(
  { request, answers }: Pick<Case, "request" | "answers">,
  limits: Partial<ExchangeParts> = {},
  maxRedirects = 5,
): Promise<{ requests: HttpRequest[]; starts: (number | undefined)[]; result: Promise<HttpResponse> }> {
  const requests: HttpRequest[] = [];
  const starts: (number | undefined)[] = [];
  const memory = createMemoryTransport(asked => {
    requests.push(asked);
    return answerOf(answers[requests.length - 1] ?? [200]);
  });
  const transport = following(
    (asked, given) => {
      starts.push(given.bounds.startMs);
      return memory(asked, given);
    },
    { maxRedirects },
  );
  const result = transport(requestOf(request ?? {}), exchangeOf({ ...LIMITS, ...limits }));
  await result.catch(() => {});
  return { requests, starts, result };
}

function requestOf(request: Partial<HttpRequest>): HttpRequest {
  return { method: "GET", url: FIRST, headers: HEADERS, ...request };
}

function answerOf([status, location]: Answer): HttpResponse {
  return {
    status,
    statusText: "",
    headers: location === undefined ? {} : { location },
    body: new Uint8Array(),
  };
}
