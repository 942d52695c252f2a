import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { SecretMask } from "../../base/mask-secrets.ts";
import type { CommandContext, Terminal } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { hasColour } from "./has-colour.ts";
import { type PrintedText, printLines } from "./printed-text.ts";
import { ProcessOutput } from "./process-output.ts";

/** Longest time an interrupted command may take to close what it opened, in milliseconds. */
const INTERRUPT_GRACE_MS = 1_000;

const interrupt = new AbortController();

/** Whether a pager has the terminal: it is told of an interrupt, too, and goes on. */
let isPaging = false;

/** Whether an interrupt is how the command is meant to end. */
let isUntilInterrupt = false;

function onInterrupt(signal: NodeJS.Signals): void {
  if (isPaging && signal === "SIGINT") return;
  if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
  interrupt.abort();
  if (isUntilInterrupt) return;
  // Parts that ignore the signal, such as standard input on a terminal, must not keep the process.
  setTimeout(() => process.exit(exitCode.interrupted), INTERRUPT_GRACE_MS).unref();
}

const stderr = new ProcessOutput({
  name: "standard error",
  fd: 2,
  open: () => process.stderr,
  isNeeded: false,
});
const args = process.argv.slice(2);
const stdout = new ProcessOutput({ name: "standard output", fd: 1, open: () => process.stdout, isNeeded: true });
const context: CommandContext = {
  env: process.env,
  // Asked for where it is used: a folder may have been removed.
  get cwd() {
    return process.cwd();
  },
  get stdin() {
    requireNoFolder();
    return process.stdin;
  },
  stdout,
  page: args.includes("--no-pager") ? undefined : page,
  stderr,
  get terminal() {
    return isAnswered() ? openTerminal() : undefined;
  },
  secrets: new SecretMask(),
  signal: interrupt.signal,
  endsByInterrupt() {
    isUntilInterrupt = true;
  },
  async reserveOutput() {
    const { protocolOutput } = await import("./protocol-output.ts");
    return protocolOutput(process);
  },
};

async function page(text: PrintedText): Promise<boolean> {
  const { pageText } = await import("./pager.ts");
  await stdout.written();
  isPaging = true;
  try {
    const { rows = 0, columns = 0 } = process.stdout;
    return rows > 0 && (await pageText(text, process.env, { rows, columns }));
  } finally {
    isPaging = false;
  }
}

/** Tells whether a person answers questions: a CI system may have a terminal too, and a dumb one cannot move its cursor. */
function isAnswered(): boolean {
  const { CI = "", TERM } = process.env;
  const isPerson = ["", "0", "false"].includes(CI) && TERM !== "dumb" && !args.includes("--no-input");
  return isPerson && stderr.isTTY && process.stdin.isTTY;
}

function openTerminal(): Terminal {
  const hasColours = hasColour(stderr, process.env, args.includes("--no-color"));
  return { input: process.stdin, output: process.stderr, hasColour: hasColours, signal: interrupt.signal };
}

/** Refuses a folder, which Node reads as an empty file. */
function requireNoFolder(): void {
  if (fstatSync(0).isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
}

/** Report of an error that was not caught, which ends the process. */
let uncaught: Promise<void> | undefined;

/** Reports an error that was not caught, or a rejection: Node would print a line of this bundle with it. */
function onUncaught(error: unknown): void {
  uncaught ??= import("./print-failure.ts")
    .then(({ printFailure }) => printFailure(error, args, context))
    .then(code => stderr.written().then(() => process.exit(code)))
    .catch(endUnprinted);
}

/** Ends without the usual report: a part of the installation cannot be read, or no more files can be opened. */
function endUnprinted(error: unknown): void {
  try {
    const { message } = error as Error;
    writeSync(2, printLines([`error: Cannot load a part of naftiko: ${context.secrets.text(message)}`]));
  } catch {}
  process.exit(exitCode.fault);
}

/** Prints a warning of Node's with `--verbose` alone: it is about a program, and standard error may be read by one. */
function onWarning({ name, message }: Error): void {
  if (args.includes("--verbose")) stderr.write(printLines([context.secrets.text(`${name}: ${message}`)]));
}

/**
 * Runs a command in this process, with its streams, signals and uncaught errors.
 *
 * @param main returns the exit code; it has printed every failure
 * @returns settles when the command is done; the exit code is set
 */
export async function runInProcess(
  main: (args: readonly string[], context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  // Node's own listener would print it in every case.
  process.removeAllListeners("warning");
  process.on("warning", onWarning);
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  process.on("uncaughtException", onUncaught);
  try {
    const code = await main(args, context);
    // Node tells of a rejection that was not caught when no more promises settle.
    await new Promise(resolve => setImmediate(resolve));
    await uncaught;
    await stderr.written();
    const ended = interrupt.signal.aborted && !isUntilInterrupt ? exitCode.interrupted : code;
    // When standard error fails, only the exit code can say so.
    process.exitCode = ended === exitCode.done && stderr.hasFailed ? exitCode.output : ended;
  } catch (error) {
    endUnprinted(error);
  }
}
