/** The connection behind a queue. */
interface ChunkSource {
  /** Asks the connection to pause. */
  pause(): void;
  resume(): void;
  /** Ends it: the reader has left. */
  cancel(): void;
  /** Fails the queue. Called when a reader has waited for {@link ChunkQueue} `idleMs`. */
  onIdle(): void;
}

/** Bytes that wait for a reader before the connection is paused. */
const HIGH_WATER_BYTES = 1024 * 1024;

type Result = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * The pieces of a body, between a connection that pushes them and a reader that pulls. One reader, which asks for one
 * piece at a time, and reads to the end or calls `return`, as `for await` does.
 */
export class ChunkQueue implements AsyncIterableIterator<Uint8Array, undefined, undefined> {
  readonly #source: ChunkSource;
  readonly #idleMs: number;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #isPaused = false;
  /** How the body has ended; read when no piece is left. */
  #end: { readonly error?: Error } | undefined;
  #waiting: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param idleMs longest time that a reader waits for a piece; `0` means no limit */
  constructor(source: ChunkSource, idleMs: number) {
    this.#source = source;
    this.#idleMs = idleMs;
  }

  push(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    if (this.#waiting !== undefined) {
      this.#takeWaiting()?.resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= HIGH_WATER_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#source.pause();
  }

  end(): void {
    this.#end ??= {};
    this.#takeWaiting()?.resolve({ done: true, value: undefined });
  }

  fail(error: Error): void {
    this.#end ??= { error };
    this.#takeWaiting()?.reject(error);
  }

  next(): Promise<Result> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#size -= chunk.length;
      if (this.#isPaused && this.#size === 0) {
        this.#isPaused = false;
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#end?.error !== undefined) return Promise.reject(this.#end.error);
    if (this.#end !== undefined) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#idleMs > 0) this.#timer = setTimeout(() => this.#source.onIdle(), this.#idleMs);
    });
  }

  return(): Promise<Result> {
    const isOpen = this.#end === undefined;
    this.#chunks.length = 0;
    this.#end = {};
    if (isOpen) this.#source.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #takeWaiting(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    return waiting;
  }
}
