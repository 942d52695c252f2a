import type { ServerParts } from "./server-parts.ts";

/** Least time between reports of a file, in milliseconds: each request would repeat what the first has told. */
const PAUSE_MS = 10_000;

/** Makes what tells the user why requests for a file fail, now and then. */
export function reportOf({ fail }: ServerParts, file: string): (error: unknown) => void {
  let next = 0;
  return error => {
    if (Date.now() < next) return;
    next = Date.now() + PAUSE_MS;
    fail(file, error, "a request was answered with 500");
  };
}
