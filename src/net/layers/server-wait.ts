import type { ResponseHeaders } from "../../base/capability-error.ts";
import { member } from "../../base/json-object.ts";
import { parseHttpDate } from "../http-date.ts";

/** How long a server asks to wait before a request is sent again. */
export interface ServerWait {
  readonly waitMs: number;
  /** The header that says so, in lower case. */
  readonly header: string;
}

interface LimitHeader {
  readonly name: string;
  /** The header that tells how much is left, where that is another. */
  readonly remaining?: string;
  /** Returns the wait in milliseconds. `undefined` if the value makes no sense. */
  read(value: string, now: number): number | undefined;
}

/** Longest wait, in seconds. A person does not sit out a longer one, which is cut to it. */
const LONGEST_WAIT_SECONDS = 1_000_000_000;
const FIRST_EPOCH_SECONDS = 1_000_000_000;
const FIRST_EPOCH_MS = 1_000_000_000_000;

/** From the most telling to the least: the first that says something counts. */
const LIMIT_HEADERS: readonly LimitHeader[] = [
  // RFC 9110, 10.2.3
  { name: "retry-after", read: (value, now) => seconds(value) ?? untilDate(value, now) },
  // draft-ietf-httpapi-ratelimit-headers, from its 7th version on and before
  { name: "ratelimit", read: value => structured(value) ?? listed(value) },
  { name: "ratelimit-reset", remaining: "ratelimit-remaining", read: seconds },
  { name: "x-ratelimit-reset-after", remaining: "x-ratelimit-remaining", read: seconds },
  { name: "x-ratelimit-reset", remaining: "x-ratelimit-remaining", read: momentOrSeconds },
];

/**
 * Reads how long the header of an answer asks to wait. A rate limit counts if none of it is left. One that does not tell
 * the rest counts with status 429, which tells it.
 *
 * @param now milliseconds since 1970
 */
export function serverWait(status: number, headers: ResponseHeaders, now: number): ServerWait | undefined {
  for (const { name, remaining, read } of LIMIT_HEADERS) {
    const value = firstField(headers, name);
    if (value === undefined) continue;
    if (remaining !== undefined && !isSpent(firstField(headers, remaining), status)) continue;
    const waitMs = read(value, now);
    if (waitMs !== undefined) return { waitMs, header: name };
  }
  return undefined;
}

function firstField(headers: ResponseHeaders, name: string): string | undefined {
  const value = member(headers, name);
  return (typeof value === "string" ? value : value?.[0])?.trim();
}

function isSpent(remaining: string | undefined, status: number): boolean {
  return remaining === undefined ? status === 429 : Number.parseFloat(remaining) <= 0;
}

/** Reads a number of seconds. Some APIs write fractions. */
function seconds(value: string): number | undefined {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return undefined;
  return Math.ceil(Math.min(Number(value), LONGEST_WAIT_SECONDS) * 1_000);
}

/** Returns the wait until a date: 0 for a date that has passed. */
function untilDate(value: string, now: number): number | undefined {
  const date = parseHttpDate(value, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}

/** Reads a number that means seconds since 1970, milliseconds since then, or seconds from now: APIs disagree. */
function momentOrSeconds(value: string, now: number): number | undefined {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return undefined;
  const number = Number(value);
  if (number < FIRST_EPOCH_SECONDS) return seconds(value);
  const moment = number < FIRST_EPOCH_MS ? number * 1_000 : number;
  return Math.min(Math.max(0, Math.ceil(moment - now)), LONGEST_WAIT_SECONDS * 1_000);
}

/** Returns the longest wait of the limits that are spent, in a field such as `"hour";r=0;t=30, "day";r=12;t=3600`. */
function structured(value: string): number | undefined {
  if (!value.startsWith('"')) return undefined;
  const waits = value.split(",").flatMap(item => {
    const parameters = pairs(item, ";");
    return parameters.get("r") === "0" ? (seconds(parameters.get("t") ?? "") ?? []) : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Reads a field such as `limit=100, remaining=0, reset=30`. */
function listed(value: string): number | undefined {
  const members = pairs(value, ",");
  return members.get("remaining") === "0" ? seconds(members.get("reset") ?? "") : undefined;
}

function pairs(text: string, separator: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(separator).map(pair => {
      const [name = "", value = ""] = pair.split("=", 2);
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
}
