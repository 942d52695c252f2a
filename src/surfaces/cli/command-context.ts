import type { ReadStream, WriteStream } from "node:tty";
import type { Environment } from "../../base/environment.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import type { LineOutput } from "../mcp/stdio/streams.ts";
import type { PrintedText } from "./printed-text.ts";

/** Surroundings of a command: nothing else in `cli/` reads a global. */
export interface CommandContext {
  /** The environment of the process, where all settings come from. Values of binds are read by `readBindValues()`. */
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Shows a long text by a pager, and tells whether it did. Absent where there is none. */
  readonly page?: ((text: PrintedText) => Promise<boolean>) | undefined;
  /** Where the user answers questions. Absent where nobody does: in pipes, in CI, and with `--no-input`. */
  readonly terminal?: Terminal | undefined;
  /** Secrets that must not be printed. Those of the call are added. */
  readonly secrets: SecretMask;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /**
   * Says that an interrupt is how the command is meant to end: it takes its time then, and has an exit code of its own.
   * A second interrupt ends it at once.
   */
  readonly endsByInterrupt?: () => void;
  /** Takes standard output for a protocol: nothing else is printed there from then on. */
  readonly reserveOutput: () => Promise<LineOutput>;
}

/** Standard input and standard error, which are both a terminal. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly hasColour: boolean;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  /** Width of the terminal; 0 where it does not tell. */
  readonly columns?: number;
  /** Gives `false` where it would rather have the next when {@link written} has settled. */
  write(data: PrintedText | Uint8Array): unknown;
  /**
   * Settles when everything is written.
   *
   * @throws CapabilityError `IO_FAILED` where something was not
   */
  written?(): Promise<void>;
}
