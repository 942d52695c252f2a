import { countOf } from "../../base/count-of.ts";
import type { CallEvent } from "../../engine/call-events.ts";
import type { StepObserver } from "../../engine/orchestration/unit-answer.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { CommandContext } from "./command-context.ts";
import { formatEvent } from "./format-event.ts";
import type { Notes } from "./notes.ts";
import { openOutFile } from "./out-file.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { printLines } from "./printed-text.ts";
import type { Timeline } from "./timeline/timeline.ts";

/** Output about a run while it runs, and the records that stay. */
export interface Trace {
  readonly onEvent: (event: CallEvent) => void;
  /** Begins to follow the steps of a unit. `undefined` if they are not to be shown. */
  followSteps(unit: Pick<Unit, "reference">): StepObserver | undefined;
  /** Ends the record, however the run ends. */
  finish(notes: Notes): Promise<void>;
}

/**
 * Prints events as `--verbose` asks, draws them as `--trace` does, and keeps them for the file of `--trace-har`.
 *
 * @throws CapabilityError `USAGE` where the file cannot be written
 */
export async function openTrace(
  parsed: Pick<RunArguments, "verbose" | "trace" | "traceHar" | "noColor">,
  context: CommandContext,
): Promise<Trace> {
  const { verbose, traceHar } = parsed;
  const timeline = await openTimeline(parsed, context);
  const print = (event: CallEvent) => {
    const lines = verbose ? formatEvent(event) : [];
    if (lines.length > 0) context.stderr.write(printLines(lines));
    timeline?.take(event);
  };
  const followSteps = (unit: Pick<Unit, "reference">) => timeline?.followSteps(unit);
  if (traceHar === undefined) return { onEvent: print, followSteps, finish: async () => timeline?.print() };
  const { HarRecorder } = await import("./har/har-recorder.ts");
  const recorder = new HarRecorder();
  // For the owner alone: an answer may hold what no list of names knows.
  const file = await openOutFile(traceHar, context.cwd, { option: "--trace-har", mode: 0o600 });
  return {
    onEvent(event) {
      print(event);
      recorder.take(event);
    },
    followSteps,
    async finish(notes) {
      timeline?.print();
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

async function openTimeline(
  { trace, noColor }: Pick<RunArguments, "trace" | "noColor">,
  context: CommandContext,
): Promise<Timeline | undefined> {
  if (!trace) return undefined;
  const { Timeline } = await import("./timeline/timeline.ts");
  return new Timeline(context, noColor);
}
