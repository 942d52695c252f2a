import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { abortedError } from "../../base/aborted-error.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import { DecodeLimitError, decodeMemoryMib, decodeTimeMs } from "../../base/decode-limits.ts";
import { parseExact } from "../../base/numbers/exact-json.ts";
import type { Exchange } from "../../net/transport.ts";
import type { DecodeReply, DecodeTask } from "../formats/decode-worker.ts";

/**
 * Decodes a body in a thread of its own, which ends with the call, and where decoding takes longer than an attempt may.
 *
 * @throws CapabilityError `ABORTED`, `TIMEOUT`; what `decodeInTurn` throws
 */
export async function decodeInThread(
  task: DecodeTask,
  operation: string,
  url: string,
  { signal, bounds: { timeoutMs } }: Exchange,
): Promise<unknown> {
  const end = new AbortController();
  const onAbort = () => end.abort(abortedError(operation, signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  const timer =
    timeoutMs > 0 ? setTimeout(() => end.abort(undecodedError(operation, url, timeoutMs)), timeoutMs) : undefined;
  try {
    return await decodeInTurn(task, end.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function undecodedError(operation: string, url: string, timeoutMs: number): CapabilityError {
  return new CapabilityError("TIMEOUT", {
    message: `${operation}: decoding the answer from ${new URL(url).host} did not end within ${timeoutMs} ms`,
    details: { operation, timeoutMs, url },
  });
}

/** One file for the library, the command and tests from sources: the build makes it. */
const WORKER = workerFile();
/** Interval at which the time of a thread is checked, in milliseconds. */
const CLOCK_MS = 50;

/** Returns the file of the thread. A program that was bundled has the library in a file of its own, and not that file. */
function workerFile(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("#decode-worker");
  } catch {
    return undefined;
  }
}

/** Number of running threads, at most one for each processor: each has memory of its own. */
let running = 0;
/** The tasks that wait for a thread to end, in order. */
const waiting = new Set<() => void>();

/**
 * Decodes a body in a thread of its own, which ends with it. The thread that asks stays free meanwhile.
 *
 * @param signal ends the thread at once; its reason is thrown
 * @throws DecodeLimitError for a body that takes more than the limits, Error with the reason for one that is not of the
 *   format
 */
async function decodeInTurn(task: DecodeTask, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  if (running >= availableParallelism()) await turn(signal);
  running++;
  try {
    return await run(task, signal);
  } finally {
    running--;
    const [next] = waiting;
    next?.();
  }
}

function turn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(onTurn);
      signal.removeEventListener("abort", onAbort);
    };
    const onTurn = () => {
      leave();
      resolve();
    };
    const onAbort = () => {
      leave();
      reject(signal.reason);
    };
    waiting.add(onTurn);
    signal.addEventListener("abort", onAbort);
  });
}

async function run(task: DecodeTask, signal: AbortSignal): Promise<unknown> {
  const { contentType } = task.body;
  // A copy to hand over: the body may be a part of a larger buffer, which would be copied as a whole.
  const bytes = new Uint8Array(task.body.bytes);
  const memoryMib = decodeMemoryMib(bytes.length, task.limits);
  const mostMs = decodeTimeMs(bytes.length, task.limits);
  const code = WORKER ?? (await import("#decode-worker-text")).text;
  signal.throwIfAborted();
  const worker = new Worker(code, {
    eval: WORKER === undefined,
    workerData: { ...task, body: { bytes, contentType } } satisfies DecodeTask,
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: memoryMib, maxYoungGenerationSizeMb: 8 },
    // The thread needs no variables, and Node's own options are for the program.
    env: {},
    execArgv: [],
  });
  let clock: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    const reply = await new Promise<DecodeReply>((resolve, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort);
      clock = watchTime(mostMs, () => reject(new DecodeLimitError("maxDecodeMs", mostMs)));
      worker.once("message", resolve);
      worker.once("messageerror", reject);
      worker.once("error", (error: NodeJS.ErrnoException) => {
        reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new DecodeLimitError("memory", memoryMib) : error);
      });
      worker.once("exit", code => reject(new Error(`its thread ended with code ${code}`)));
    });
    return valueIn(reply);
  } finally {
    clearInterval(clock);
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
    await worker.terminate();
  }
}

function valueIn(reply: DecodeReply): unknown {
  if (reply.kind === "value") return reply.value;
  if (reply.kind === "json") return parseExact(reply.text, "exact");
  if (reply.kind === "limit") throw new DecodeLimitError(reply.limit, reply.most);
  throw reply.isRange ? new RangeError(reply.message) : new Error(reply.message);
}

/**
 * Calls back when a time is over by the clock and by the processor: on a busy machine, waiting for a processor does not
 * count.
 */
function watchTime(mostMs: number, onOver: () => void): NodeJS.Timeout {
  const start = performance.now();
  const used = process.cpuUsage();
  return setInterval(() => {
    if (performance.now() - start < mostMs) return;
    const { user, system } = process.cpuUsage(used);
    if ((user + system) / 1_000 >= mostMs) onOver();
  }, CLOCK_MS);
}
