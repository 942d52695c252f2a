import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { printData } from "../printed-text.ts";
import type { Shell } from "./shell.ts";
import { shells } from "./shells.ts";

/** Runs `naftiko completion <shell>`: prints the script that completes command lines. */
export async function printScript(shell: Shell, { stdout }: CommandContext): Promise<ExitCode> {
  stdout.write(printData(shells[shell].script, stdout));
  return exitCode.done;
}
