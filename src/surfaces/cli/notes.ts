import { isCapabilityError } from "../../base/capability-error.ts";
import type { ExchangeEvent } from "../../net/layers/exchange-event.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { printLines } from "./printed-text.ts";

/** Notes and warnings of a run, which go to standard error. */
export interface Notes {
  add(text: string): void;
  /** Writes what waits. Called when the run has succeeded. */
  flush(): void;
}

/**
 * Notes are written at once; not at all with `--quiet`. With `--output json` they wait for the end of a run: programs
 * read standard error as one JSON object when it fails.
 */
export function createNotes(context: CommandContext, { quiet, output }: RunArguments): Notes {
  const waiting: string[] = [];
  // Opening the stream takes milliseconds, and most runs have nothing to note.
  const write = (text: string) => context.stderr.write(printLines([text]));
  return {
    add(note) {
      if (quiet) return;
      const text = context.secrets.text(note);
      if (output === "json") waiting.push(text);
      else write(text);
    },
    flush() {
      for (const text of waiting.splice(0)) write(text);
    },
  };
}

/** Says that a request is sent again, and why: a person who waits sees what for. */
export function noteRetry(event: ExchangeEvent, notes: Notes): void {
  if (event.type !== "retry") return;
  const { attempt, attempts, pauseMs, reason, header } = event;
  const asked = header === undefined ? "" : ` (${header})`;
  const seconds = Math.max(0.1, Math.round(pauseMs / 100) / 10);
  notes.add(`note: ${reasonText(reason)}${asked}, trying again in ${seconds} s (${attempt} of ${attempts})`);
}

function reasonText(reason: number | Error): string {
  if (typeof reason === "number") return `HTTP ${reason}`;
  return isCapabilityError(reason, "NETWORK") ? reason.details.reason : "no answer in time";
}
