import type { Span } from "../../telemetry/span.ts";

/** The place of a call in a trace. */
export interface CallTrace {
  /** Parent of the spans of its requests. */
  readonly span: Span;
  /** How many requests were sent until now: further tries and redirects too. */
  sent: number;
}
