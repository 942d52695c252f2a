import { countOf } from "../../base/count-of.ts";
import type { CapabilityChange } from "../../language/model/compare/change.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type Line, printLines, styled } from "./printed-text.ts";
import { paintFor } from "./style.ts";
import { writeJson } from "./write-result.ts";

interface ChangesOptions {
  readonly output: "json" | "text";
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/**
 * Prints how a capability differs from its former version, one change a line.
 *
 * @returns `capability` if a change is breaking, as a check in CI needs it
 */
export async function printChanges(
  changes: readonly CapabilityChange[],
  options: ChangesOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const breaking = changes.filter(({ isBreaking }) => isBreaking).length;
  if (options.output === "json") {
    const rows = changes.map(({ isBreaking, operation, message }) => ({
      breaking: isBreaking,
      operation: operation ?? null,
      message,
    }));
    await writeJson(rows, options, context);
  } else if (changes.length > 0) {
    context.stdout.write(printLines(changes.map(changeLine), paintFor(context.stdout, context.env, options.noColor)));
  }
  if (!options.quiet) context.stderr.write(printLines([summary(changes.length, breaking)]));
  return breaking > 0 ? exitCode.capability : exitCode.done;
}

/** Returns a change as a line. */
export function changeLine({ isBreaking, operation, message }: CapabilityChange): Line {
  const label = isBreaking ? styled("red", "breaking:") : styled("cyan", "change:");
  return [label, ` ${operation === undefined ? "" : `${operation}: `}${message}`];
}

function summary(all: number, breaking: number): string {
  if (all === 0) return "Nothing changes for callers";
  return `${countOf(all, "change")}, ${breaking === 0 ? "none breaking" : `${breaking} breaking`}`;
}
