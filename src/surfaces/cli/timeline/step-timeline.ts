import { isCapabilityError } from "../../../base/capability-error.ts";
import { countOf } from "../../../base/count-of.ts";
import type { StepEvent } from "../../../engine/orchestration/unit-answer.ts";
import type { Line } from "../printed-text.ts";
import { formatTimeline, type TimelineRow } from "./format-timeline.ts";

interface Shown {
  /** Width of the terminal; 0 or absent where there is none. */
  readonly columns: number | undefined;
  /** Masks secrets in the message of an error. */
  readonly mask: (text: string) => string;
}

/** Draws the steps in the order in which they began. */
export function formatSteps(reference: string, events: readonly StepEvent[], { columns, mask }: Shown): Line[] {
  const sorted = [...events].sort((a, b) => a.startMs - b.startMs);
  const endMs = Math.max(0, ...events.map(event => event.endMs));
  const together = mostTogether(events);
  const title = [
    `${reference}: ${countOf(events.length, "step")}, ${Math.round(endMs)} ms`,
    ...(together > 1 ? [`up to ${together} at the same time`] : []),
  ].join(", ");
  return formatTimeline(
    title,
    sorted.map(event => rowOf(event, mask)),
    columns,
  );
}

function rowOf(event: StepEvent, mask: Shown["mask"]): TimelineRow {
  const { step, kind, operation, startMs, endMs, outcome } = event;
  return {
    name: step,
    what: operation === undefined ? kind : `call ${operation}`,
    outcome: outcomeOf(event),
    isFailed: outcome === "failed" || outcome === "continued" || outcome === "aborted",
    startMs,
    endMs,
    notes: notesOf(event).map(mask),
  };
}

function outcomeOf({ outcome, status, error }: StepEvent): string {
  if (outcome === "done") return status === undefined ? "done" : String(status);
  if (outcome === "skipped" || outcome === "aborted") return outcome;
  if (isCapabilityError(error, "HTTP_STATUS")) return String(error.details.status);
  return "failed";
}

function notesOf({ step, uses, attempts, isShared, items, outcome, error }: StepEvent): string[] {
  const facts = [
    ...(uses.length === 0 ? [] : [`after ${uses.join(", ")}`]),
    ...(items === undefined ? [] : [countOf(items, "item")]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(isShared ? ["with the answer of an identical GET"] : []),
    ...(outcome === "skipped" ? ["its x-if does not hold"] : []),
    ...(outcome === "continued" ? ["the run went on without it"] : []),
  ];
  const reason = outcome === "failed" || outcome === "continued" ? [reasonOf(step, error)] : [];
  return [...(facts.length === 0 ? [] : [facts.join(", ")]), ...reason.filter(Boolean)];
}

/** Returns the message of an error, which begins with the step. */
function reasonOf(step: string, error: unknown): string {
  const message = String((error as Error)?.message ?? "");
  const start = `Step ${JSON.stringify(step)}: `;
  return message.startsWith(start) ? message.slice(start.length) : message;
}

/** Returns how many steps ran at the same time at most. */
function mostTogether(events: readonly StepEvent[]): number {
  const running = events.filter(({ outcome }) => outcome !== "skipped");
  const counts = running.map(
    ({ startMs }) => running.filter(other => other.startMs <= startMs && startMs < other.endMs).length,
  );
  return Math.max(0, ...counts);
}
