import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { loadOptionalPackage } from "../optional-package.ts";
import { linkTarget } from "./link-target.ts";
import { takeTurn } from "./turns.ts";

// The system keeps a lock for the descriptor of an open file. The lock ends with the process, however that ends. It
// needs no judgement by clocks, process ids or host names whether the holder is alive, and works across containers too.
// The content of the lock file has no meaning; the holder removes it. A process may lock a file that lost its name
// meanwhile: it starts again, because the next process will lock the new file of that name. While the old file is open,
// no other file has its number. A holder that others do not wait for writes its process id into the lock file, for their
// messages alone.

/** Longest wait for a lock. Work under a lock is bounded too: a request for a token by its time-outs. */
const LONGEST_WAIT_MS = 60_000;
const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 25;

/** Options for waiting for a lock. */
export interface LockOptions {
  /** Ends the wait. It does not end work under the lock. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest wait in milliseconds.
   *
   * @default 60_000
   */
  readonly longestWaitMs?: number;
}

/**
 * Runs `action` while this call alone has the lock of a file, among all calls of all processes. The file need not
 * exist; its folder must. All names that lead to one file share its lock.
 *
 * @throws Error with the reason if it cannot be locked or another process holds it too long; the signal's reason
 */
export async function withFileLock<Value>(
  file: string,
  action: () => Promise<Value>,
  options: LockOptions = {},
): Promise<Value> {
  const release = await waitFor(file, options, async signal => {
    // In the order of the calls.
    const endTurn = await takeTurn(path.resolve(file), signal);
    try {
      const lockFile = lockFileOf(await linkTarget(file));
      const descriptor = await lock(lockFile, signal);
      return () => {
        unlock(lockFile, descriptor);
        endTurn();
      };
    } catch (error) {
      endTurn();
      throw error;
    }
  });
  try {
    return await action();
  } finally {
    release();
  }
}

/** The lock of a file, or the holder that has it. */
type TriedLock =
  | { readonly isHeld: true; release(): void }
  /** `pid`: process id of the holder; `undefined` if it cannot be told. */
  | { readonly isHeld: false; readonly pid: number | undefined };

/**
 * Locks a file if nobody else has it locked, for work that lasts too long to be waited for. The lock is that of
 * {@link withFileLock}.
 *
 * @throws Error with the reason if it cannot be locked
 */
export async function tryFileLock(file: string): Promise<TriedLock> {
  const { tryLock } = await loadLocks();
  const lockFile = lockFileOf(await linkTarget(file));
  let descriptor = openLocked(lockFile, tryLock);
  // The holder may have ended just now, and removed the file that was opened.
  descriptor ??= openLocked(lockFile, tryLock);
  if (descriptor === undefined) return { isHeld: false, pid: holderOf(lockFile) };
  ftruncateSync(descriptor, 0);
  writeSync(descriptor, String(process.pid), 0);
  return { isHeld: true, release: () => unlock(lockFile, descriptor) };
}

/** Returns the process id that a lock file holds. Windows lets nobody read a locked file. */
function holderOf(lockFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(lockFile, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function lockFileOf(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.lock`);
}

/** Waits with a signal that aborts with the caller's, and after the longest wait. */
async function waitFor<Value>(
  file: string,
  { signal, longestWaitMs = LONGEST_WAIT_MS }: LockOptions,
  wait: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const giveUp = new AbortController();
  const tooLong = () =>
    giveUp.abort(new Error(`Cannot lock ${file}: another process has had it locked for ${longestWaitMs / 1000} s`));
  const onAbort = () => giveUp.abort(signal?.reason);
  const timer = setTimeout(tooLong, longestWaitMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    return await wait(giveUp.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

async function lock(lockFile: string, signal: AbortSignal): Promise<number> {
  const { tryLock } = await loadLocks();
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const descriptor = openLocked(lockFile, tryLock);
    if (descriptor !== undefined) return descriptor;
    // Waiters that wake up together would get in each other's way.
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

async function loadLocks(): Promise<typeof import("fs-native-extensions")> {
  try {
    return (await loadOptionalPackage("fs-native-extensions")) as typeof import("fs-native-extensions");
  } catch (cause) {
    const platform = `${process.platform} on ${process.arch}`;
    throw new Error(`Cannot lock files: the package fs-native-extensions does not load (${platform})`, {
      cause,
    });
  }
}

/** Opens and locks the lock file. Returns `undefined` if another process has the lock. */
function openLocked(lockFile: string, tryLock: (descriptor: number) => boolean): number | undefined {
  let descriptor: number | undefined;
  try {
    // A link that another user has put there is not followed.
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    descriptor = openSync(lockFile, flags, 0o600);
    if (tryLock(descriptor) && hasName(descriptor, lockFile)) return descriptor;
  } catch (error) {
    if (!isBeingRemoved(error)) {
      if (descriptor !== undefined) closeSync(descriptor);
      const { code, message } = error as NodeJS.ErrnoException;
      throw Object.assign(new Error(`Cannot lock ${lockFile}: ${message}`, { cause: error }), { code });
    }
  }
  if (descriptor !== undefined) closeSync(descriptor);
  return undefined;
}

function hasName(descriptor: number, lockFile: string): boolean {
  const named = statSync(lockFile, { bigint: true, throwIfNoEntry: false });
  const opened = fstatSync(descriptor, { bigint: true });
  return named !== undefined && named.ino === opened.ino && named.dev === opened.dev;
}

/** Windows opens no file that has been removed and is still open elsewhere. */
function isBeingRemoved(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return process.platform === "win32" && (code === "EPERM" || code === "EBUSY" || code === "EACCES");
}

function unlock(lockFile: string, descriptor: number): void {
  try {
    if (hasName(descriptor, lockFile)) rmSync(lockFile, { force: true });
  } catch {
    // The next holder uses a lock file that stays.
  }
  closeSync(descriptor);
}
