import { expect, it } from "vitest";
import { parseHttpDate } from "../../../src/net/http-date.ts";
import { serverWait } from "../../../src/net/layers/server-wait.ts";

/** 6 November 1994, 08:49:37, as in RFC 9110, 5.6.7. */
const DATE = Date.UTC(1994, 10, 6, 8, 49, 37);
const NOW = DATE - 37_000;

const cases: readonly {
  what: string;
  status?: number;
  headers: Record<string, string | string[]>;
  waits?: number;
  by?: string;
}[] = [
  { what: "nothing", headers: {} },
  // Retry-After
  { what: "seconds", headers: { "retry-after": "120" }, waits: 120_000, by: "retry-after" },
  { what: "no seconds", headers: { "retry-after": "0" }, waits: 0, by: "retry-after" },
  { what: "a fraction", headers: { "retry-after": "1.5" }, waits: 1_500, by: "retry-after" },
  { what: "seconds with spaces", headers: { "retry-after": " 3 " }, waits: 3_000, by: "retry-after" },
  { what: "the first of two", headers: { "retry-after": ["3", "9"] }, waits: 3_000, by: "retry-after" },
  {
    what: "a date of the usual form",
    headers: { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" },
    waits: 37_000,
    by: "retry-after",
  },
  {
    what: "a date of RFC 850",
    headers: { "retry-after": "Sunday, 06-Nov-94 08:49:37 GMT" },
    waits: 37_000,
    by: "retry-after",
  },
  {
    what: "a date of asctime",
    headers: { "retry-after": "Sun Nov  6 08:49:37 1994" },
    waits: 37_000,
    by: "retry-after",
  },
  {
    what: "a date that has passed",
    headers: { "retry-after": "Sun, 06 Nov 1994 08:48:00 GMT" },
    waits: 0,
    by: "retry-after",
  },
  { what: "a negative number", headers: { "retry-after": "-5" } },
  { what: "no number", headers: { "retry-after": "soon" } },
  { what: "an empty text", headers: { "retry-after": "" } },
  { what: "a hexadecimal number", headers: { "retry-after": "0x10" } },
  {
    what: "a number beyond all bounds",
    headers: { "retry-after": "9".repeat(400) },
    waits: 1e12,
    by: "retry-after",
  },
  { what: "a date with a month that is none", headers: { "retry-after": "Sun, 06 Nop 1994 08:49:37 GMT" } },
  { what: "a date that is none", headers: { "retry-after": "Sun, 31 Feb 1994 08:49:37 GMT" } },
  { what: "a date in another zone", headers: { "retry-after": "Sun, 06 Nov 1994 08:49:37 CET" } },
  {
    what: "the next header where one makes no sense",
    headers: { "retry-after": "soon", "ratelimit-reset": "4" },
    waits: 4_000,
    by: "ratelimit-reset",
  },
  // RateLimit
  {
    what: "a spent limit, listed",
    headers: { ratelimit: "limit=100, remaining=0, reset=30" },
    waits: 30_000,
    by: "ratelimit",
  },
  { what: "a limit with something left, listed", headers: { ratelimit: "limit=100, remaining=5, reset=30" } },
  {
    what: "a spent limit, structured",
    headers: { ratelimit: '"default";r=0;t=30' },
    waits: 30_000,
    by: "ratelimit",
  },
  {
    what: "the longest of spent limits",
    headers: { ratelimit: '"minute";r=0;t=30, "hour";r=0;t=90, "day";r=7;t=999' },
    waits: 90_000,
    by: "ratelimit",
  },
  { what: "a limit with something left, structured", headers: { ratelimit: '"default";r=9;t=30' } },
  { what: "a spent limit without a time", headers: { ratelimit: '"default";r=0' } },
  { what: "a limit that is no limit", headers: { ratelimit: "x" } },
  // RateLimit-Reset, X-RateLimit-…
  {
    what: "a spent limit in fields of its own",
    headers: { "ratelimit-remaining": "0", "ratelimit-reset": "7" },
    waits: 7_000,
    by: "ratelimit-reset",
  },
  {
    what: "a limit with something left, in fields of its own",
    headers: { "ratelimit-remaining": "3", "ratelimit-reset": "7" },
  },
  {
    what: "seconds from now",
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "12" },
    waits: 12_000,
    by: "x-ratelimit-reset",
  },
  {
    what: "seconds after",
    headers: { "x-ratelimit-reset-after": "0.25", "x-ratelimit-reset": "99" },
    waits: 250,
    by: "x-ratelimit-reset-after",
  },
  { what: "a limit that status 503 is not about", status: 503, headers: { "x-ratelimit-reset": "99" } },
  {
    what: "a spent limit with status 503",
    status: 503,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" },
    waits: 9_000,
    by: "x-ratelimit-reset",
  },
  { what: "a reset that is no number", headers: { "x-ratelimit-reset": "later" } },
];

it.each(cases)("asks for $what", ({ status = 429, headers, waits, by }) => {
  const found = waits === undefined ? undefined : { waitMs: waits, header: by };
  expect(serverWait(status, headers, NOW)).toEqual(found);
});

const TODAY = 1_764_000_000_000;

it.each([
  { what: "seconds since 1970", value: String(TODAY / 1_000 + 20), waits: 20_000 },
  { what: "milliseconds since 1970", value: String(TODAY + 20_000), waits: 20_000 },
  { what: "a moment that has passed", value: String(TODAY / 1_000 - 20), waits: 0 },
])("reads a reset as $what", ({ value, waits }) => {
  expect(serverWait(429, { "x-ratelimit-reset": value }, TODAY)?.waitMs).toBe(waits);
});

it.each([
  { now: Date.UTC(2026, 10, 25), year: 2075, text: "Monday, 04-Nov-75 08:00:00 GMT" },
  { now: Date.UTC(2026, 10, 25), year: 1977, text: "Friday, 04-Nov-77 08:00:00 GMT" },
])("takes a year of two digits for $year", ({ now, year, text }) => {
  expect(new Date(parseHttpDate(text, now) ?? 0).getUTCFullYear()).toBe(year);
});

it("does not read names of the prototype as headers", () => {
  expect(serverWait(429, Object.create({ "retry-after": "5" }), NOW)).toBeUndefined();
});
