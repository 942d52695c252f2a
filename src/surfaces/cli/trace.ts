import { countOf } from "../../base/count-of.ts";
import type { CallEvent } from "../../engine/call-events.ts";
import type { CommandContext } from "./command-context.ts";
import { formatEvent } from "./format-event.ts";
import type { Notes } from "./notes.ts";
import { openOutFile } from "./out-file.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { printLines } from "./printed-text.ts";

/** Output about a run while it runs, and the records that stay. */
export interface Trace {
  readonly onEvent: (event: CallEvent) => void;
  /** Ends the record, however the run ends. */
  finish(notes: Notes): Promise<void>;
}

/**
 * Prints events as `--verbose` asks, and keeps them for the file of `--trace-har`.
 *
 * @throws CapabilityError `USAGE` where the file cannot be written
 */
export async function openTrace(
  { verbose, traceHar }: Pick<RunArguments, "verbose" | "traceHar">,
  { stderr, cwd }: CommandContext,
): Promise<Trace> {
  const print = (event: CallEvent) => {
    const lines = formatEvent(event);
    if (lines.length > 0) stderr.write(printLines(lines));
  };
  if (traceHar === undefined) return { onEvent: print, finish: async () => {} };
  const { HarRecorder } = await import("./har/har-recorder.ts");
  const recorder = new HarRecorder();
  // For the owner alone: an answer may hold what no list of names knows.
  const file = await openOutFile(traceHar, cwd, { option: "--trace-har", mode: 0o600 });
  return {
    onEvent(event) {
      if (verbose) print(event);
      recorder.take(event);
    },
    async finish(notes) {
      try {
        // A call that was never made leaves nothing to keep.
        if (recorder.size === 0) return;
        await file.write(Buffer.from(`${recorder.text()}\n`));
        await file.finish();
        notes.add(`wrote ${traceHar}: ${countOf(recorder.size, "request")}`);
      } finally {
        await file.discard();
      }
    },
  };
}
