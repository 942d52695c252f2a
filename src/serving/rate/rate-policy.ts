import { parseDuration } from "../../base/duration.ts";

/** How many requests one caller may send in a time. */
export interface RatePolicy {
  readonly requests: number;
  /** Whole seconds: headers tell it to callers. */
  readonly windowSeconds: number;
}

const LONGEST_SECONDS = 86_400;

/** Reads a policy such as `100/1m` or `10/s`. `undefined` for any other text, and for times of more than a day. */
export function parseRatePolicy(text: string): RatePolicy | undefined {
  const [, count, time = ""] = /^([1-9]\d{0,8})\/(.+)$/.exec(text) ?? [];
  const ms = parseDuration(/^\d/.test(time) ? time : `1${time}`);
  if (count === undefined || ms === undefined || ms < 1_000 || ms % 1_000 !== 0) return undefined;
  const windowSeconds = ms / 1_000;
  return windowSeconds > LONGEST_SECONDS ? undefined : { requests: Number(count), windowSeconds };
}
