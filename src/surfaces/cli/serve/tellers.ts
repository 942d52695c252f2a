import path from "node:path";
import { CapabilityError } from "../../../base/capability-error.ts";
import { Log } from "../../../serving/log.ts";
import type { CommandContext } from "../command-context.ts";
import { formatError } from "../format-error.ts";
import { type Line, printLines } from "../printed-text.ts";
import { remedyLines } from "../remedy-text.ts";
import { paintFor } from "../style.ts";

/** Tells the user of a server how it fares. */
export interface Tellers {
  readonly log: Log;
  /** Tells something. */
  readonly tell: (line: string) => void;
  /** Tells why a file cannot be served as it is. */
  readonly fail: (file: string, error: unknown, outcome: string) => void;
}

/** Logger of what is told of files. The user is told more of them, in lines that the log does not have. */
const FILES = "files";

/** Makes what tells the user of a server, on standard error. */
export function tellers({ stderr, env, secrets, cwd }: CommandContext): Tellers {
  const paint = paintFor(stderr, env, false);
  const write = (lines: readonly Line[]) => stderr.write(printLines(lines, paint));
  const log = new Log(entry => {
    if (entry.logger !== FILES) write([entry.message]);
  }, secrets);
  const server = log.logger("server");
  const files = log.logger(FILES);
  return {
    log,
    tell: line => server.info(line),
    fail: (file, error, outcome) => {
      const shown = path.relative(cwd, file);
      const headline = `${shown.startsWith("..") ? file : shown} cannot be served as it is: ${outcome}`;
      const lines = formatError(secrets.error(error), {
        advice: adviceOn(error),
        secrets,
        verbose: false,
        include: false,
      });
      files.error(`${headline}: ${error instanceof Error ? error.message : String(error)}`);
      write([headline, ...lines]);
    },
  };
}

/** Returns what to do about an error, as lines. No `.env` is read that is not named. */
export function adviceOn(error: unknown): string[] {
  if (!(error instanceof CapabilityError)) return [];
  return remedyLines(error.remedies, [], "the environment or in a file that --env-file names");
}
