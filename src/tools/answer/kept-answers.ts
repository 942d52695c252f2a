import { randomBytes } from "node:crypto";
import { isObject } from "../../base/json-object.ts";
import type { CallerFields, CallerSeal } from "../../engine/binds/caller-fields.ts";
import type { Rest } from "./trim.ts";
import type { WholeAnswer } from "./whole-answer.ts";

/** An answer that is kept, so that it can be continued without another call of the API. */
export interface KeptAnswer {
  readonly caller: string;
  /** Seal of the caller's credentials that the answer was had with. */
  readonly seal: CallerSeal | undefined;
  /** The answer as the tool gave it. */
  readonly answer: WholeAnswer;
  /** The part of it that is given in parts. */
  readonly value: unknown;
  /** What the value was selected by. */
  readonly view: string;
  /** Where each part begins, by its number; the first has none. */
  readonly rests: (Rest | undefined)[];
}

/** Who continues an answer. */
interface KeptFor {
  readonly caller: string;
  readonly callerFields: CallerFields | undefined;
}

interface Entry extends KeptAnswer {
  readonly bytes: number;
  lastUsedMs: number;
}

/** Longest time, in minutes, for which an answer is kept after it was last used. */
export const KEPT_MINUTES = 10;

const KEPT_MS = KEPT_MINUTES * 60_000;
const MOST_OF_CALLER = 16;
const MOST = 256;
const MOST_BYTES = 64 * 1024 * 1024;

/** Keeps answers for a while: a number of them, also for each caller, and of bytes. The oldest make room. */
export class KeptAnswers {
  /** By id, the one that was used longest ago first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Keeps an answer. Returns its id, or `undefined` for an answer that is too large to be kept. */
  add(kept: KeptAnswer): string | undefined {
    const bytes = bytesOf(kept.answer.value, MOST_BYTES);
    if (bytes > MOST_BYTES) return undefined;
    const id = randomBytes(12).toString("base64url");
    this.#entries.set(id, { ...kept, bytes, lastUsedMs: Date.now() });
    this.#bytes += bytes;
    this.#makeRoom(kept.caller);
    this.#timer ??= setInterval(() => this.#dropOld(), KEPT_MS / 10).unref();
    return id;
  }

  /** Returns an answer. `undefined` where it is no longer kept, or is another caller's. */
  get(id: string, { caller, callerFields }: KeptFor): KeptAnswer | undefined {
    this.#dropOld();
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.caller !== caller) return undefined;
    if (entry.seal !== undefined && callerFields?.matches(entry.seal) !== true) return undefined;
    entry.lastUsedMs = Date.now();
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  #makeRoom(caller: string): void {
    const own = [...this.#entries].filter(([, entry]) => entry.caller === caller);
    for (const [id] of own.slice(0, Math.max(0, own.length - MOST_OF_CALLER))) this.#drop(id);
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= MOST && this.#bytes <= MOST_BYTES) break;
      this.#drop(id);
    }
  }

  #dropOld(): void {
    const oldest = Date.now() - KEPT_MS;
    for (const [id, { lastUsedMs }] of this.#entries) {
      if (lastUsedMs > oldest) break;
      this.#drop(id);
    }
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #drop(id: string): void {
    this.#bytes -= this.#entries.get(id)?.bytes ?? 0;
    this.#entries.delete(id);
  }
}

/** Bytes of what the engine keeps for each value. */
const BYTES_OF_VALUE = 24;

/** Returns about how much memory a value takes. The count stops beyond the limit. */
function bytesOf(value: unknown, limit: number): number {
  let bytes = 0;
  const open = [value];
  while (open.length > 0 && bytes <= limit) {
    const next = open.pop();
    bytes += BYTES_OF_VALUE;
    if (typeof next === "string") bytes += next.length;
    else if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (isObject(next)) for (const name in next) open.push(next[name]);
    else if (typeof next === "object" || typeof next === "bigint") bytes += String(next).length;
  }
  return bytes;
}
