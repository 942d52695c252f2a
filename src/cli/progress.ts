import { visibleText } from "../error/visible-text.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";

/** One line on the terminal that tells how far a call is. */
export interface Progress {
  /** Writes the line in place of the one before. */
  show(text: string): void;
  /** Takes the line away. Called before anything else is written to the terminal. */
  clear(): void;
}

const START_OF_LINE = "\r\u001b[2K";

/** Nothing is shown where standard error is no terminal, with `--quiet`, and where `--verbose` writes lines of its own. */
export function createProgress(
  { stderr, env }: CommandContext,
  { quiet, verbose }: Pick<RunArguments, "quiet" | "verbose">,
): Progress {
  if (!stderr.isTTY || quiet || verbose || env["TERM"] === "dumb") return { show() {}, clear() {} };
  let isShown = false;
  return {
    show(text) {
      // A line that wraps could not be taken away.
      const line = visibleText(text).slice(0, (stderr.columns || 80) - 1);
      stderr.write(`${START_OF_LINE}${line}`);
      isShown = true;
    },
    clear() {
      if (isShown) stderr.write(START_OF_LINE);
      isShown = false;
    },
  };
}
