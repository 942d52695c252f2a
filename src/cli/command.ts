import process from "node:process";
import { main } from "./main.ts";

/** Longest time an interrupted command may take to close what it opened, in milliseconds. */
const INTERRUPT_GRACE_MS = 1_000;
const INTERRUPTED = 130;

const interrupt = new AbortController();

function onInterrupt(): void {
  if (interrupt.signal.aborted) process.exit(INTERRUPTED);
  interrupt.abort();
  // Whatever does not listen to the signal, such as standard input on a terminal, must not keep the process.
  setTimeout(() => process.exit(INTERRUPTED), INTERRUPT_GRACE_MS).unref();
}

// A reader that has seen enough (`| head -1`) closes the pipe: that is no failure, and nobody reads a message.
function withoutPipeError<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  return stream;
}

let stdout: NodeJS.WriteStream | undefined;
let stderr: NodeJS.WriteStream | undefined;

process.on("SIGINT", onInterrupt);
process.on("SIGTERM", onInterrupt);

/** Settles when the command is done; the exit code is set. */
export const finished: Promise<void> = main(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  // Opening a stream takes a millisecond: only those that are used are opened.
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    stdout ??= withoutPipeError(process.stdout);
    return stdout;
  },
  get stderr() {
    stderr ??= withoutPipeError(process.stderr);
    return stderr;
  },
  signal: interrupt.signal,
}).then(code => {
  process.exitCode = interrupt.signal.aborted ? INTERRUPTED : code;
});
