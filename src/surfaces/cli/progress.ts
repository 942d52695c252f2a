import { visibleLine } from "../../base/visible-text.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { printOver } from "./printed-text.ts";

/** One line on the terminal that tells how far a call is. */
interface Progress {
  /** Writes the line in place of the one before. */
  show(text: string): void;
  /** Takes the line away. Called before anything else is written to the terminal. */
  clear(): void;
}

/**
 * Creates the display of progress. It shows nothing if standard error is not a terminal, with `--quiet`, and if
 * `--verbose` writes lines of its own.
 */
export function createProgress(
  { stderr, env }: Pick<CommandContext, "stderr" | "env">,
  { quiet, verbose }: Pick<RunArguments, "quiet" | "verbose">,
): Progress {
  if (!stderr.isTTY || quiet || verbose || env["TERM"] === "dumb") return { show() {}, clear() {} };
  let isShown = false;
  return {
    show(text) {
      // A line that wraps could not be taken away.
      stderr.write(printOver(visibleLine(text).slice(0, (stderr.columns || 80) - 1)));
      isShown = true;
    },
    clear() {
      if (isShown) stderr.write(printOver(""));
      isShown = false;
    },
  };
}
