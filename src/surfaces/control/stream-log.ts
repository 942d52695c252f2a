import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log, LogEntry } from "../../serving/log.ts";
import { Refusal } from "../../serving/refusal.ts";

/** Most bytes that wait for a subscriber. One that reads too slowly is dropped: the server waits for nobody. */
const MOST_WAITING = 256 * 1024;
/** Interval of comments, by which both sides notice that the other one has gone, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Number of subscribers of each log, whichever state of a file they came by. */
const subscribers = new WeakMap<Log, number>();

/**
 * Sends the entries of a log from now on, as server-sent events.
 *
 * @throws Refusal 503 if there are as many subscribers as may be
 */
export function streamLog(log: Log, most: number, { method }: FastifyRequest, reply: FastifyReply): void {
  const count = subscribers.get(log) ?? 0;
  if (count >= most) throw new Refusal(503, `The log has ${most} subscribers already`, { "retry-after": "5" });
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
  if (method === "HEAD") {
    raw.end();
    return;
  }
  subscribers.set(log, count + 1);
  const write = (text: string) => {
    if (raw.writableLength > MOST_WAITING) raw.destroy();
    else raw.write(text);
  };
  const stop = log.subscribe(entry => write(eventText(entry)));
  const heartbeat = setInterval(() => write(":\n\n"), HEARTBEAT_MS).unref();
  raw.on("error", () => {});
  raw.once("close", () => {
    stop();
    clearInterval(heartbeat);
    subscribers.set(log, (subscribers.get(log) ?? 1) - 1);
  });
  write("retry: 5000\n\n");
}

function eventText(entry: LogEntry): string {
  return `event: log\ndata: ${JSON.stringify(entry)}\n\n`;
}
