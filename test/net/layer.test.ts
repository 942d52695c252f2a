import { expect, it } from "vitest";
import { createResponseCache } from "../../src/net/cache/response-cache.ts";
import { type LayerPlan, sendThrough } from "../../src/net/layer.ts";
import type { ExchangeEvent } from "../../src/net/layers/exchange-event.ts";
import type { HttpResponse, Transport } from "../../src/net/transport.ts";
import { Wire } from "../../src/net/wire.ts";
import { exchangeOf } from "../support/exchange.ts";

const NONE: LayerPlan = {
  attempts: undefined,
  redirects: undefined,
  egress: undefined,
  cache: undefined,
  gate: undefined,
  trace: undefined,
  isObserved: false,
};
const clock = { now: () => 0, sleep: async () => {} };
const ATTEMPTS = { retries: 2, idempotent: false, keyHeader: "idempotency-key", now: () => 0, clock };
const REDIRECTS = { maxRedirects: 5, egress: undefined, holdsSecret: undefined };

const cases: readonly {
  what: string;
  plan: Partial<LayerPlan>;
  /** Answers of the wire, in turn; the last one for ever. */
  answers: readonly Partial<HttpResponse>[];
  /** Paths that the wire was asked for by two calls. */
  sent: readonly string[];
  ends: readonly (number | string)[];
  events?: readonly string[];
}[] = [
  {
    what: "no layer",
    plan: {},
    answers: [{ status: 503 }],
    sent: ["/a", "/a"],
    ends: [503, 503],
  },
  {
    what: "attempts around redirects",
    plan: { attempts: ATTEMPTS, redirects: REDIRECTS },
    answers: [{ status: 302, headers: { location: "/b" } }, { status: 503 }, { status: 200 }],
    sent: ["/a", "/b", "/a", "/a"],
    ends: [200, 200],
    events: ["redirect", "retry"],
  },
  {
    what: "redirects around the guard of hosts",
    plan: { redirects: { ...REDIRECTS, egress: { allowHosts: ["*"] } }, egress: { allowHosts: ["a.test"] } },
    answers: [{ status: 302, headers: { location: "http://b.test/" } }],
    sent: ["/a", "/a"],
    ends: ["EGRESS_REFUSED", "EGRESS_REFUSED"],
    events: ["redirect", "redirect"],
  },
  {
    what: "the cache around the gate and the listener",
    plan: {
      cache: createResponseCache(),
      gate: { limits: { requestsPerSecond: 0.001 }, lane: {}, sharing: undefined },
      isObserved: true,
    },
    answers: [{ headers: { "cache-control": "max-age=60", date: new Date().toUTCString() } }],
    sent: ["/a"],
    ends: [200, 200],
    events: ["attempt", "response", "cache", "cache"],
  },
];

it.each(cases)("puts $what", async ({ plan, answers, sent, ends, events = [] }) => {
  const asked: string[] = [];
  const transport: Transport = async ({ url }) => {
    const answer = answers[Math.min(asked.push(new URL(url).pathname), answers.length) - 1];
    return { status: 200, statusText: "", headers: {}, body: new Uint8Array(1), ...answer };
  };
  const told: ExchangeEvent["type"][] = [];
  const exchange = exchangeOf({ observe: ({ type }) => told.push(type) });
  const send = await sendThrough({ ...NONE, ...plan }, new Wire(transport));
  const found: unknown[] = [];
  for (let call = 0; call < 2; call++) {
    const request = { method: "GET", url: "http://a.test/a", headers: {} };
    found.push(
      await send(request, exchange).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      ),
    );
  }
  expect({ asked, found, told }).toEqual({ asked: sent, found: ends, told: events });
});

it("sends by the wire itself where no layer is needed", async () => {
  const transport: Transport = Object.assign(() => Promise.reject(new Error("It is not called")), {
    keepsBounds: true,
  });
  expect(await sendThrough(NONE, new Wire(transport))).toBe(transport);
});
