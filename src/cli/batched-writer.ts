import type { OutputStream } from "./command-context.ts";
import type { PrintedText } from "./printed-text.ts";

/** Characters that are written at once at most. */
const LONGEST_BATCH = 64 * 1024;

/**
 * Writes many small texts as few: those of one turn of the event loop at once. A system call for each of a million items
 * would take longer than all else. What arrives by itself is written before anything else is waited for.
 */
export class BatchedWriter {
  readonly #stdout: OutputStream;
  #texts: PrintedText[] = [];
  #length = 0;
  #turn: NodeJS.Immediate | undefined;
  /** Whether the reader is slower than what is written: what it has not taken must not fill the memory. */
  #isFull = false;

  constructor(stdout: OutputStream) {
    this.#stdout = stdout;
  }

  /** Gives what to wait for, where the reader is slow. */
  write(...texts: readonly PrintedText[]): Promise<void> | undefined {
    for (const text of texts) {
      this.#texts.push(text);
      this.#length += text.length;
    }
    if (this.#length >= LONGEST_BATCH) this.flush();
    else this.#turn ??= setImmediate(() => this.flush());
    if (!this.#isFull) return undefined;
    this.#isFull = false;
    return this.#stdout.written?.();
  }

  /** Writes what is left. */
  flush(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    if (this.#length === 0) return;
    const batch = Buffer.from(this.#texts.join(""));
    this.#texts = [];
    this.#length = 0;
    if (this.#stdout.write(batch) === false) this.#isFull = true;
  }
}
