import { CapabilityError } from "../base/capability-error.ts";

/** Where a queue is. */
export interface QueueUrl {
  readonly kind: "redis" | "postgres";
  /** The URL for the driver, with its password, without what is for the queue. */
  readonly url: string;
  /** Without user, password and parameters, for messages. */
  readonly shown: string;
  /** Name of the queue: several are on one server, and know nothing of each other. */
  readonly name: string;
}

const KINDS: ReadonlyMap<string, QueueUrl["kind"]> = new Map([
  ["redis:", "redis"],
  ["rediss:", "redis"],
  ["postgres:", "postgres"],
  ["postgresql:", "postgres"],
]);

/**
 * Reads the URL of a queue: `redis:`, `rediss:`, `postgres:` or `postgresql:`, with `?queue=NAME` for one besides the
 * usual.
 *
 * @throws CapabilityError `USAGE`, without the text, which may hold a password
 */
export function parseQueueUrl(text: string): QueueUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && KINDS.get(url.protocol);
  if (url === undefined || kind === undefined) {
    const found = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(text)?.[0];
    const problem = found === undefined || KINDS.has(`${found}:`) ? "is no URL" : `begins with ${found}:`;
    throw usage(
      `The URL of the queue ${problem}, and not redis:, rediss: or postgres:, as redis://127.0.0.1:6379 does`,
    );
  }
  if (url.hostname === "" && kind === "redis") throw usage("The URL of the queue names no host");
  const name = url.searchParams.get("queue") ?? "naftiko";
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name)) {
    throw usage("The name of the queue (?queue=) has other characters than letters, digits, - and _, or more than 32");
  }
  url.searchParams.delete("queue");
  const path = url.pathname === "/" ? "" : url.pathname;
  if (kind === "redis" && !/^(?:\/\d{1,5})?$/.test(path)) {
    throw usage(`The URL of the queue has the path ${path}, which is no number of a database of Redis, as in /0`);
  }
  return { kind, url: url.href, shown: `${url.protocol}//${url.host}${path}`, name };
}

function usage(message: string): CapabilityError<"USAGE"> {
  return new CapabilityError("USAGE", { message, details: {} });
}
