import type { CallEvent } from "../../../engine/call-events.ts";
import type { StepEvent, StepObserver } from "../../../engine/orchestration/unit-answer.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";
import type { CommandContext } from "../command-context.ts";
import { printLines } from "../printed-text.ts";
import { paintFor } from "../style.ts";
import { formatAttempts } from "./attempt-timeline.ts";
import { formatSteps } from "./step-timeline.ts";

/** Drawing of a run, for `--trace`: its steps, or the requests of a single call. */
export class Timeline {
  readonly #context: CommandContext;
  readonly #noColor: boolean;
  readonly #calls: CallEvent[] = [];
  readonly #steps: StepEvent[] = [];
  #unit: Pick<Unit, "reference"> | undefined;

  constructor(context: CommandContext, noColor: boolean) {
    this.#context = context;
    this.#noColor = noColor;
  }

  take(event: CallEvent): void {
    this.#calls.push(event);
  }

  followSteps(unit: Pick<Unit, "reference">): StepObserver {
    this.#unit = unit;
    return { ended: event => this.#steps.push(event) };
  }

  /** Writes it to standard error. Nothing if nothing began. */
  print(): void {
    const { stderr, env, secrets } = this.#context;
    const mask = (text: string) => secrets.text(text);
    const lines =
      this.#unit !== undefined && this.#steps.length > 0
        ? formatSteps(this.#unit.reference, this.#steps, { columns: stderr.columns, mask })
        : formatAttempts(this.#calls, stderr.columns);
    if (lines.length > 0) stderr.write(printLines(lines, paintFor(stderr, env, this.#noColor)));
  }
}
