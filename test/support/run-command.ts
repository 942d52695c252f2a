import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { quoteArgument } from "../../src/base/quote-argument.ts";
import { refuseMarked } from "./marked-secret.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Remains of a command that has ended. */
export interface Finished {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** The whole environment besides `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder; an empty one by default, so that no `.env` and no `capabilities/` is found. */
  readonly cwd?: string;
  /** Standard input; it is empty by default, and with `null` stays open. */
  readonly stdin?: string | Uint8Array | null;
  /** Whether all three streams are a terminal, so that `stdout` has both; its input is then what is typed. */
  readonly inTerminal?: boolean;
  /** How what it prints is read; UTF-8 by default. */
  readonly encoding?: "utf8" | "latin1";
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
  /** Waits until standard output, or with `from` standard error, holds a match, and gives it. */
  waitFor(pattern: RegExp, from?: "stdout" | "stderr"): Promise<RegExpExecArray>;
}

/** The built command; another one, such as an installed package's, where `NAFTIKO_COMMAND` names it. */
export const COMMAND: string =
  process.env["NAFTIKO_COMMAND"] ?? path.resolve(import.meta.dirname, "../../dist/naftiko.cjs");

/** Runs `naftiko` as a process and waits for its end. It must not print a marked secret. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  return (await startCommand(args, options)).finished;
}

/** Starts `naftiko` as a process. */
export async function startCommand(
  args: readonly string[],
  { env = {}, cwd, stdin = "", encoding = "utf8", inTerminal = false }: CommandOptions = {},
): Promise<RunningCommand> {
  const words = [process.execPath, "--", COMMAND, ...args];
  const [program = "", ...rest] = inTerminal
    ? ["script", "-qefc", words.map(quoteArgument).join(" "), "/dev/null"]
    : words;
  const child = spawn(program, rest, {
    cwd: cwd ?? (await emptyFolder()),
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding(encoding).on("data", (text: string) => {
      printed[name] += text;
    });
  }
  // A command that fails does not read its standard input.
  child.stdin.on("error", () => {});
  if (stdin !== null) child.stdin.end(stdin);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", code => {
      try {
        refuseMarked(`${printed.stdout}\n${printed.stderr}`, `naftiko ${args.join(" ")}`);
        resolve({ code, ...printed });
      } catch (error) {
        reject(error);
      }
    });
  });
  return {
    child,
    finished,
    waitFor: (pattern, from = "stdout") =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(printed[from]);
          if (match !== null) resolve(match);
          return match !== null;
        };
        if (check()) return;
        child[from].on("data", check);
        child.on("close", () => check() || reject(new Error(`No ${pattern} in ${JSON.stringify(printed)}`)));
      }),
  };
}

/** Tells whether this machine has what makes terminals: `script` of util-linux, which every Debian has. */
export function makesTerminals(): boolean {
  return spawnSync("script", ["-qefc", "true", "/dev/null"], { stdio: "ignore" }).status === 0;
}

let empty: Promise<string> | undefined;

function emptyFolder(): Promise<string> {
  empty ??= temporaryFolder({});
  return empty;
}
