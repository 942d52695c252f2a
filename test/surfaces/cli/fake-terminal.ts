import { SecretMask } from "../../../src/base/mask-secrets.ts";
import type { CommandContext } from "../../../src/surfaces/cli/command-context.ts";
import { main } from "../../../src/surfaces/cli/main.ts";
import type { Finished } from "../../support/run-command.ts";

export interface TerminalOptions {
  readonly cwd: string;
  /** Besides `NO_COLOR`, which it may empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Width; 80 by default. */
  readonly columns?: number;
}

/** Runs the command in this process as if standard output and standard error were a terminal. */
export async function runInTerminal(
  args: readonly string[],
  { cwd, env = {}, columns = 80 }: TerminalOptions,
): Promise<Finished> {
  const printed = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof printed) => ({
    isTTY: true,
    columns,
    write(data: string | Uint8Array) {
      printed[name] += typeof data === "string" ? data : Buffer.from(data).toString("utf8");
    },
  });
  const stdout = stream("stdout");
  const context: CommandContext = {
    env: { NO_COLOR: "1", ...env },
    cwd,
    stdin: (async function* () {})(),
    stdout,
    reserveOutput: async () => stdout,
    stderr: stream("stderr"),
    secrets: new SecretMask(),
    signal: new AbortController().signal,
  };
  const code = await main(args, context);
  return { code, ...printed };
}
