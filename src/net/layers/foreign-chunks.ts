import { setImmediate as turn } from "node:timers/promises";
import type { HttpRequest } from "../http-request.ts";
import type { Bounds } from "../transport.ts";
import { foreignError, idleError, timeoutError } from "../transport-error.ts";
import { returnQuietly } from "./foreign-response.ts";

/** A body that a program's transport gives piece by piece. */
interface ForeignBody {
  readonly iterator: AsyncIterator<unknown>;
  readonly request: HttpRequest;
  readonly bounds: Bounds;
  /** When the whole body must have come, by `performance.now()`; absent where the time-out is that of each piece. */
  readonly endsAt: number | undefined;
  /** Called once at the end of the body, with `error` if it broke off. */
  readonly onEnd: (error?: Error) => void;
}

/** Pieces after which timers and signals have their turn: an iterator that answers at once would keep them waiting. */
const PIECES_A_TURN = 100;

/** The pieces of such a body, each within its time. The iterator is told by `return` when the rest is not wanted. */
export class ForeignChunks implements AsyncIterableIterator<Uint8Array, undefined, undefined> {
  readonly #body: ForeignBody;
  #pieces = 0;
  #end: { readonly error?: Error | undefined } | undefined;
  /** Rejects what the reader waits for. */
  #reject: ((error: Error) => void) | undefined;

  constructor(body: ForeignBody) {
    this.#body = body;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const deadline = this.#body.endsAt ?? performance.now() + this.#body.bounds.timeoutMs;
    for (;;) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return { done: true, value: undefined };
      const result = await this.#pull(deadline);
      if (result === undefined) {
        this.#finish();
        return { done: true, value: undefined };
      }
      // An empty piece does not count: the reader waits for bytes.
      if (result.length > 0) return { done: false, value: result };
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#end === undefined) {
      returnQuietly(this.#body.iterator);
      this.#finish(new Error("The answer is not read to its end"));
      this.#end = {};
    }
    return { done: true, value: undefined };
  }

  /** Breaks the body off. */
  fail(error: Error): void {
    if (this.#end !== undefined) return;
    returnQuietly(this.#body.iterator);
    this.#finish(error);
    this.#reject?.(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(error?: Error): void {
    this.#end ??= { error };
    this.#body.onEnd(error);
  }

  /** Returns the next piece, or `undefined` after the last. */
  async #pull(deadline: number): Promise<Uint8Array | undefined> {
    const { request, bounds, endsAt } = this.#body;
    const late = () => (endsAt === undefined ? idleError : timeoutError)(request.url, bounds);
    const hasLimit = bounds.timeoutMs > 0;
    if (++this.#pieces % PIECES_A_TURN === 0) await turn();
    const leftMs = deadline - performance.now();
    if (hasLimit && leftMs <= 0) this.fail(late());
    if (this.#end?.error !== undefined) throw this.#end.error;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Uint8Array | undefined>((resolve, reject) => {
        this.#reject = reject;
        if (hasLimit) timer = setTimeout(() => this.fail(late()), Math.max(1, leftMs));
        this.#read().then(resolve, reject);
      });
    } catch (thrown) {
      const error = foreignError(thrown, request.url);
      this.fail(error);
      throw this.#end?.error ?? error;
    } finally {
      clearTimeout(timer);
      this.#reject = undefined;
    }
  }

  async #read(): Promise<Uint8Array | undefined> {
    const { done, value } = (await this.#body.iterator.next()) as IteratorResult<unknown>;
    if (done) return undefined;
    if (value instanceof Uint8Array) return value;
    throw Object.assign(new Error("the transport gave a piece of a body that is not a Uint8Array"), {
      code: "INVALID_RESPONSE",
    });
  }
}
