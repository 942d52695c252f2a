import { Redis } from "ioredis";
import { thrownText } from "../../base/thrown-text.ts";
import type { QueueEngine, TellTrouble } from "../queue-engine.ts";
import { refused, unavailable } from "../queue-error.ts";
import type { QueueUrl } from "../queue-url.ts";
import { RedisBatches } from "./redis-batches.ts";

/** Time for a server that is starting. */
const START_MS = 10_000;
/** Longest pause between two attempts to connect. */
const RECONNECT_MS = 1_000;
/** Oldest version that BullMQ and the scripts run on. */
const OLDEST = [6, 2];

/**
 * Replies of servers that are no use now and may be soon, and what the driver says of commands that go together, where the
 * connection breaks between their answers: it gives only single ones again.
 */
const PASSING =
  /^(?:OOM|LOADING|BUSY|MASTERDOWN|MISCONF|READONLY|TRYAGAIN|CLUSTERDOWN|EXECABORT|NOSCRIPT)\b|^Command aborted due to connection close/;
/** Replies that no waiting helps against. */
const DENIED =
  /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:AUTH|invalid password|DB index|Client sent AUTH))|^Unknown RESP type|^Protocol error/;

/**
 * Connects to a Redis, or to a server that speaks as one does.
 *
 * @throws CapabilityError `QUEUE_UNAVAILABLE` or `QUEUE_REFUSED`
 */
export async function openRedisEngine(queue: QueueUrl, tell: TellTrouble): Promise<QueueEngine> {
  const options = {
    // Commands wait while the server is away, and are given again: each may be given twice.
    maxRetriesPerRequest: null,
    connectTimeout: 5_000,
    retryStrategy: (times: number) => Math.min(times * 100, RECONNECT_MS),
  };
  const redis = new Redis(queue.url, { ...options, lazyConnect: true });
  try {
    await connect(redis, queue.shown);
    await requireUsable(redis, queue.shown);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  tellOfBreaks(redis, queue.shown, tell);
  return {
    store: new RedisBatches(redis, queue.name),
    bullmq: { connection: { ...options, url: queue.url }, prefix: queue.name, backend: undefined },
    passes: error => PASSING.test(thrownText(error)),
    close: async () => {
      if (redis.status === "ready") await redis.quit().catch(() => {});
      else redis.disconnect();
    },
  };
}

function connect(redis: Redis, shown: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let reason = "it does not answer";
    const timer = setTimeout(() => reject(unavailable(shown, reason)), START_MS);
    redis.on("error", error => {
      reason = reasonOf(error);
      const isUntrusted = /CERT/.test(reason);
      if (!isUntrusted && !DENIED.test(error.message)) return;
      clearTimeout(timer);
      reject(refused(shown, isUntrusted ? untrustedReason(reason) : deniedReason(error.message)));
    });
    redis.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
    redis.connect().catch(() => {});
  }).finally(() => {
    redis.removeAllListeners("error").on("error", () => {});
  });
}

/** Asks the server for what would lose rows. */
async function requireUsable(redis: Redis, shown: string): Promise<void> {
  let info: string;
  try {
    info = await redis.info();
  } catch (error) {
    throw refused(shown, deniedReason(thrownText(error)));
  }
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const version = field("valkey_version") ?? field("redis_version") ?? "0";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < (OLDEST[0] ?? 0) || (major === OLDEST[0] && minor < (OLDEST[1] ?? 0))) {
    throw refused(shown, `it is Redis ${version}, and queues need ${OLDEST.join(".")} or newer.`);
  }
  const policy = field("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction") {
    throw refused(
      shown,
      `maxmemory-policy is ${policy}, so that rows may be thrown away. Set it to noeviction: in redis.conf, or by redis-cli config set maxmemory-policy noeviction.`,
    );
  }
  if (field("role") === "slave") {
    throw refused(
      shown,
      `it is a replica, which takes no rows. Name its master (${field("master_host") ?? "unknown"}).`,
    );
  }
  if (field("cluster_enabled") === "1") {
    throw refused(shown, "it is a node of a cluster. Queues need a Redis without one; a replica of it may take over.");
  }
}

function tellOfBreaks(redis: Redis, shown: string, tell: TellTrouble): void {
  let isDown = false;
  let reason = "the connection broke";
  redis.removeAllListeners("error").on("error", error => {
    reason = reasonOf(error);
  });
  // Each attempt to connect ends by it.
  redis.on("reconnecting", () => {
    if (isDown) return;
    isDown = true;
    tell(`The queue ${shown} is down (${reason}); waiting until it is back`);
  });
  redis.on("ready", () => {
    if (!isDown) return;
    isDown = false;
    reason = "the connection broke";
    tell(`The queue ${shown} is back`);
  });
}

function reasonOf(error: Error & { code?: unknown }): string {
  return typeof error.code === "string" ? error.code : "the connection broke";
}

function untrustedReason(code: string): string {
  return `its certificate is not accepted (${code}). Name the file of its authority by the variable NODE_EXTRA_CA_CERTS.`;
}

function deniedReason(message: string): string {
  if (/^WRONGPASS|invalid password/.test(message)) return "user or password are wrong (user:password@ in the URL).";
  if (/^NOAUTH/.test(message)) return "it wants a password (:password@ in the URL).";
  if (/^NOPERM/.test(message)) return "the user lacks permissions: it needs all commands on the keys of the queue.";
  if (/AUTH/.test(message)) return "it has no password, and the URL gives one.";
  if (/DB index/.test(message)) return "it has no database of that number.";
  if (/RESP type|^Protocol error/.test(message)) return "what listens there is no Redis.";
  return "it refuses what a queue asks of it.";
}
