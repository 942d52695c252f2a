import { SecretMask } from "../../src/base/mask-secrets.ts";
import { main } from "../../src/surfaces/cli/main.ts";
import type { Finished } from "./run-command.ts";

export interface MainOptions {
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin?: string | undefined;
  /** In place of the whole command. */
  readonly main?: typeof main;
}

/** Runs the command in this process: much faster than as one of its own, where a test makes many calls. */
export async function runMain(
  args: readonly string[],
  { env = {}, cwd, stdin = "", main: run = main }: MainOptions,
): Promise<Finished> {
  const stdout = collector();
  const stderr = collector();
  const code = await run(args, {
    env,
    cwd,
    stdin: (async function* () {
      yield Buffer.from(stdin);
    })(),
    stdout,
    stderr,
    reserveOutput: async () => stdout,
    secrets: new SecretMask(),
    signal: new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector() {
  const parts: Uint8Array[] = [];
  return {
    isTTY: false,
    columns: 0,
    write: (data: string | Uint8Array) => parts.push(Buffer.from(data as string)),
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}
