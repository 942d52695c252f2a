import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { orAborted } from "../../base/or-aborted.ts";
import type { ScriptFault, ScriptReply, ScriptTask } from "./script-worker.ts";

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

interface Thread {
  readonly worker: Worker;
  /** Fulfilled when it can run scripts. */
  readonly ready: Promise<void>;
  /** Ends it when it has had nothing to do for a while. */
  idle: NodeJS.Timeout | undefined;
}

/** Threads that have nothing to do; the last one was used last. */
const idle: Thread[] = [];
/** Number of threads, at most one for each processor. */
let threads = 0;
/** Scripts that wait for a thread, in order. */
const waiting = new Set<() => void>();

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
  let isReusable = false;
  try {
    await orAborted(thread.ready, signal, () => signal?.reason);
    const { reply, isAlive } = await ask(thread.worker, task, signal);
    isReusable = isAlive;
    return reply;
  } finally {
    if (isReusable) release(thread);
    else end(thread);
    const [next] = waiting;
    next?.();
  }
}

async function takeThread(signal: AbortSignal | undefined): Promise<Thread> {
  while (idle.length === 0 && threads >= availableParallelism()) await turn(signal);
  const thread = idle.pop();
  if (thread === undefined) return startThread();
  clearTimeout(thread.idle);
  thread.worker.ref();
  return thread;
}

function turn(signal: AbortSignal | undefined): Promise<void> {
  if (waiting.size >= MOST_WAITING) throw new PoolFullError();
  let onTurn = () => {};
  const woken = new Promise<void>(resolve => {
    onTurn = resolve;
    waiting.add(onTurn);
  });
  return orAborted(woken, signal, () => signal?.reason).finally(() => waiting.delete(onTurn));
}

async function startThread(): Promise<Thread> {
  threads++;
  try {
    const code = WORKER ?? (await import("#script-worker-text")).text;
    const worker = new Worker(code, {
      eval: WORKER === undefined,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: 16 },
      // The thread needs no variables, and Node's own options are for the program.
      env: {},
      execArgv: [],
    });
    const ready = new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
      worker.once("exit", code => reject(new Error(`its thread ended with code ${code}`)));
    });
    // A thread that fails before it is waited for.
    ready.catch(() => {});
    return { worker, ready, idle: undefined };
  } catch (error) {
    threads--;
    throw error;
  }
}

function release(thread: Thread): void {
  thread.worker.unref();
  thread.idle = setTimeout(() => {
    idle.splice(idle.indexOf(thread), 1);
    end(thread);
  }, IDLE_MS).unref();
  idle.push(thread);
}

function end({ worker }: Thread): void {
  threads--;
  void worker.terminate();
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
    const onMessage = (reply: ScriptReply) => resolve({ reply, isAlive: true });
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
