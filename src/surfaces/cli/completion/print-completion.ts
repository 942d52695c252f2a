import { member } from "../../../base/json-object.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { printData } from "../printed-text.ts";
import { complete } from "./complete.ts";
import { shells } from "./shells.ts";

/** Runs `naftiko __complete <shell> …`, by which the script of a shell asks what may stand at the cursor. */
export async function printCompletion(
  [name = "", ...args]: readonly string[],
  context: Pick<CommandContext, "env" | "cwd" | "stdout" | "stderr">,
): Promise<ExitCode> {
  const shell = member(shells, name);
  if (shell === undefined) return exitCode.usage;
  const completion = await complete(shell.readLine(args), context);
  const lines = shell.writeAnswer(completion, args);
  context.stdout.write(printData(lines.map(line => `${line}\n`).join(""), { isTTY: false }));
  return exitCode.done;
}
