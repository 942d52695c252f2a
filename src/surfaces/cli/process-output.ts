import { fstatSync, type Stats, writeSync } from "node:fs";
import type { OutputStream } from "./command-context.ts";
import { ioError } from "./io-error.ts";
import type { PrintedText } from "./printed-text.ts";

interface ProcessOutputOptions {
  /** For messages: "standard output". */
  readonly name: string;
  readonly fd: 1 | 2;
  /** Opens the stream of Node, which takes a millisecond. */
  readonly open: () => NodeJS.WriteStream;
  /** Whether nothing is worth doing once it cannot be written: writing then throws. */
  readonly isNeeded: boolean;
}

/**
 * Standard output or standard error. It remembers that it could not be written. Files and devices are written without a
 * stream: Node's for these takes a part of a text for the whole.
 */
export class ProcessOutput implements OutputStream {
  readonly #options: ProcessOutputOptions;
  #stream: NodeJS.WriteStream | undefined;
  #stats: Stats | undefined;
  #failure: Error | undefined;
  #unwritten = 0;
  #onSettled: (() => void)[] = [];

  constructor(options: ProcessOutputOptions) {
    this.#options = options;
  }

  get isTTY(): boolean {
    this.#stats ??= fstatSync(this.#options.fd);
    return this.#stats.isCharacterDevice() && this.#opened().isTTY === true;
  }

  get columns(): number {
    return this.isTTY ? this.#opened().columns : 0;
  }

  /** Tells whether something could not be written. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws CapabilityError `IO_FAILED` where it is needed, and was or is not written */
  write(data: PrintedText | Uint8Array): boolean {
    if (this.#failure === undefined) {
      if (!this.#isDirect()) {
        this.#unwritten++;
        return this.#opened().write(data, error => this.#settle(error));
      }
      try {
        writeWhole(this.#options.fd, data);
      } catch (error) {
        this.#fail(error as Error);
      }
    }
    this.#requireWritten();
    return true;
  }

  /**
   * Waits until everything is written.
   *
   * @throws CapabilityError `IO_FAILED` where it is needed, and was not written
   */
  async written(): Promise<void> {
    if (this.#unwritten > 0) await new Promise<void>(resolve => this.#onSettled.push(resolve));
    this.#requireWritten();
  }

  #isDirect(): boolean {
    this.#stats ??= fstatSync(this.#options.fd);
    return this.#stats.isFile() || (this.#stats.isCharacterDevice() && !this.isTTY);
  }

  #opened(): NodeJS.WriteStream {
    if (this.#stream !== undefined) return this.#stream;
    this.#stream = this.#options.open();
    // The callbacks of writing tell of it; without a listener it would end the process.
    this.#stream.on("error", error => this.#fail(error));
    return this.#stream;
  }

  #settle(error: Error | null | undefined): void {
    if (error) this.#fail(error);
    if (--this.#unwritten > 0) return;
    for (const resolve of this.#onSettled.splice(0)) resolve();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }

  #requireWritten(): void {
    const { isNeeded, name } = this.#options;
    if (this.#failure !== undefined && isNeeded) throw ioError(`write to ${name}`, this.#failure);
  }
}

/** Writes the whole of a text to an open file. */
export function writeWhole(fd: number, data: string | Uint8Array): void {
  let rest = typeof data === "string" ? Buffer.from(data) : data;
  while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
}
