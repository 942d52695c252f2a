import type { PrintedText } from "./printed-text.ts";

/** What a command takes from its surroundings: nothing else in `cli/` reads a global. */
export interface CommandContext {
  /** The environment of the process, where all settings come from. Values of binds are read by `readBindValues()`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  /** Width of the terminal; 0 where it does not tell. */
  readonly columns?: number;
  /** Gives `false` where it would rather have the next when it has emitted `drain`. */
  write(data: PrintedText | Uint8Array): unknown;
  once?(event: "drain", listener: () => void): unknown;
}
