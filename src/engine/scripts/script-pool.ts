import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { orAborted } from "../../base/or-aborted.ts";
import type { ScriptFault, ScriptReply, ScriptTask, ThreadMessage } from "./script-worker.ts";

// Threads that run scripts. They are started when they are needed, shared by all capabilities of the process, and ended
// when they have nothing to do for a while: they keep no program alive.

/** One file for the library, the command and tests from sources: the build makes it. */
const WORKER = workerFile();
/** How long a thread waits for the next script. */
const IDLE_MS = 30_000;
/** How long a thread that does not ask its watch gets on top of the time of its script: sorting a huge array does not. */
const GRACE_MS = 500;
/** Most scripts that wait for a thread. */
const MOST_WAITING = 1_000;
/** Memory of a thread besides that of scripts, for their texts and results. */
const HEAP_MIB = 256;

/** Returns the file of the thread. A program that was bundled has the library in a file of its own, and not that file. */
function workerFile(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("#script-worker");
  } catch {
    return undefined;
  }
}

/** A thread that can run a script. */
interface Thread {
  readonly worker: Worker;
  /** Ends it when it has had nothing to do for a while. */
  idle: NodeJS.Timeout | undefined;
  isEnded: boolean;
}

/** A script that waits for a thread. */
interface Waiting {
  begin(thread: Thread): void;
  fail(error: unknown): void;
}

/** Threads that have nothing to do. The first was used longest ago: the next scripts find it prepared. */
const idle: Thread[] = [];
/** Number of threads, at most one for each processor. */
let threads = 0;
/** In order. */
const waiting = new Set<Waiting>();

/** More scripts wait for a thread than may. */
export class PoolFullError extends Error {
  constructor() {
    super(`${MOST_WAITING} scripts wait for their turn already`);
  }
}

/**
 * Runs a script in a thread. A thread that does not end its script in time is ended itself.
 *
 * @param signal ends the script at once; its reason is thrown
 * @throws PoolFullError
 */
export async function runInPool(task: ScriptTask, signal: AbortSignal | undefined): Promise<ScriptReply> {
  signal?.throwIfAborted();
  const thread = await takeThread(signal);
  let isAlive = false;
  try {
    const asked = await ask(thread.worker, task, signal);
    isAlive = asked.isAlive;
    return asked.reply;
  } finally {
    // One that is alive tells when it is ready for another script, which may wait for it: the program goes on until then.
    if (!isAlive) end(thread);
  }
}

function takeThread(signal: AbortSignal | undefined): Thread | Promise<Thread> {
  const thread = idle.shift();
  if (thread !== undefined) {
    clearTimeout(thread.idle);
    thread.worker.ref();
    return thread;
  }
  if (waiting.size >= MOST_WAITING) throw new PoolFullError();
  let entry: Waiting | undefined;
  const taken = new Promise<Thread>((begin, fail) => {
    entry = { begin, fail };
    waiting.add(entry);
  });
  startThread();
  return orAborted(taken, signal, () => {
    const isWaiting = entry !== undefined && waiting.delete(entry);
    // It has a thread already, and begins nothing with it.
    if (!isWaiting) taken.then(offer, () => {});
    return signal?.reason;
  });
}

/** Starts another thread, if there may be one. The script that waits longest takes the first that is ready. */
function startThread(): void {
  if (threads >= availableParallelism()) return;
  threads++;
  openThread().catch(error => {
    const [first] = waiting;
    if (first !== undefined) waiting.delete(first);
    first?.fail(error);
  });
}

async function openThread(): Promise<void> {
  const worker = await openWorker().catch(error => {
    threads--;
    throw error;
  });
  const thread: Thread = { worker, idle: undefined, isEnded: false };
  return new Promise((resolve, reject) => {
    // When it has been ready once, its errors are those of `ask`.
    worker.on("error", reject);
    worker.on("message", (message: ThreadMessage) => {
      if (message !== "ready") return;
      resolve();
      offer(thread);
    });
    worker.once("exit", () => end(thread));
  });
}

async function openWorker(): Promise<Worker> {
  const code = WORKER ?? (await import("#script-worker-text")).text;
  return new Worker(code, {
    eval: WORKER === undefined,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: 16 },
    // The thread needs no variables, and Node's own options are for the program.
    env: {},
    execArgv: [],
  });
}

/** Gives a thread to the script that waits longest. */
function offer(thread: Thread): void {
  const [first] = waiting;
  if (first !== undefined) {
    waiting.delete(first);
    first.begin(thread);
    return;
  }
  thread.worker.unref();
  thread.idle = setTimeout(() => end(thread), IDLE_MS).unref();
  idle.push(thread);
}

/** Ends a thread. Scripts that wait get another one. */
function end(thread: Thread): void {
  if (thread.isEnded) return;
  thread.isEnded = true;
  threads--;
  clearTimeout(thread.idle);
  const place = idle.indexOf(thread);
  if (place >= 0) idle.splice(place, 1);
  void thread.worker.terminate();
  if (waiting.size > 0) startThread();
}

interface Asked {
  readonly reply: ScriptReply;
  /** Whether the thread can run another script. */
  readonly isAlive: boolean;
}

function ask(worker: Worker, task: ScriptTask, signal: AbortSignal | undefined): Promise<Asked> {
  const { timeoutMs } = task.limits;
  let forget = () => {};
  const asked = new Promise<Asked>((resolve, reject) => {
    const fault = (fault: ScriptFault, message: string) =>
      resolve({ reply: { kind: "fault", fault, message, place: undefined }, isAlive: false });
    const timer = setTimeout(() => fault("timeout", `it did not end within ${timeoutMs} ms`), timeoutMs + GRACE_MS);
    const onMessage = (message: ThreadMessage) => {
      if (message !== "ready") resolve({ reply: message, isAlive: true });
    };
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") fault("memory", "its texts do not fit into memory");
      else reject(error);
    };
    const onExit = (code: number) => reject(new Error(`its thread ended with code ${code}`));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    forget = () => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    worker.postMessage(task);
  });
  return orAborted(asked, signal, () => signal?.reason).finally(forget);
}
