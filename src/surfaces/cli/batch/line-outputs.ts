import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { batchRefused } from "../../../batch/batch-refused.ts";
import { failedLine, resultLine } from "../../../batch/result-line.ts";
import type { EndedRow } from "../../../batch/row.ts";
import type { CommandContext } from "../command-context.ts";
import { ioError } from "../io-error.ts";
import { printData } from "../printed-text.ts";
import { writeWhole } from "../process-output.ts";
import { writeChunk } from "../write-chunk.ts";

/** Characters that are written at once. */
const CHUNK = 64 * 1024;
/** How long a result waits for others, in milliseconds: a write for each would cost a fifth of a call. */
const WRITE_MS = 10;

/** Writes results to standard output, and failed rows to their file, where nothing is kept of the run. */
export class LineOutputs {
  readonly #context: CommandContext;
  readonly #failed: { readonly path: string; readonly descriptor: number } | undefined;
  #waiting = "";
  /** Failure of a write that nobody waited for: the next row tells it. */
  #failure: { readonly error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws CapabilityError `BATCH_REFUSED` for a file that is there */
  constructor(failed: string | undefined, context: CommandContext) {
    this.#context = context;
    this.#failed = failed === undefined ? undefined : openNew(path.resolve(context.cwd, failed));
  }

  /** Writes the end of a row, together with others that end soon. Waits for a slow reader. */
  add(ended: EndedRow): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (ended.error !== undefined && this.#failed !== undefined) {
      this.#writeFailed(failedLine(ended));
      return undefined;
    }
    this.#waiting += resultLine(ended);
    if (this.#waiting.length > CHUNK) return this.flush();
    this.#timer ??= setTimeout(() => {
      this.flush().catch((error: unknown) => {
        this.#failure ??= { error };
      });
    }, WRITE_MS);
    return undefined;
  }

  /** @throws CapabilityError `IO_FAILED` */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    if (text !== "") await writeChunk(this.#context.stdout, printData(text, this.#context.stdout));
  }

  close(): void {
    if (this.#failed !== undefined) closeSync(this.#failed.descriptor);
  }

  #writeFailed(line: string): void {
    const { path: file = "", descriptor = -1 } = this.#failed ?? {};
    try {
      writeWhole(descriptor, line);
    } catch (error) {
      throw ioError(`write ${file}`, error);
    }
  }
}

function openNew(file: string): { path: string; descriptor: number } {
  try {
    return { path: file, descriptor: openSync(file, "wx") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw ioError(`write ${file}`, error);
    throw batchRefused(`${file} is there already: name another file, or move it away`, {
      reason: "exists",
      path: file,
    });
  }
}
