import type { RecordedSpan } from "./span.ts";

/** A trace as lists show it. */
interface TraceSummary {
  readonly traceId: string;
  /** Name of its outermost span. */
  readonly operation: string;
  readonly durationMs: number;
  readonly status: "OK" | "ERROR";
  readonly spanCount: number;
  /** When it began, in ISO 8601. */
  readonly timestamp: string;
}

/** A trace with its spans. */
export interface TraceDetails extends Omit<TraceSummary, "spanCount"> {
  /** In the order of their ends, the outermost one last. */
  readonly spans: readonly SpanSummary[];
}

interface SpanSummary {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly durationMs: number;
  readonly status: "OK" | "ERROR";
}

export interface TracesPage {
  readonly traces: readonly TraceSummary[];
  /** How many traces are kept. */
  readonly bufferSize: number;
  readonly bufferUsed: number;
}

/** Traces that are wanted of a list. */
export interface TraceFilter {
  /** Part of the name of the outermost span, or of the reference of what was called. */
  readonly operation?: string | undefined;
  /** In any case of letters. */
  readonly status?: string | undefined;
}

interface KeptTrace {
  readonly root: RecordedSpan;
  readonly spans: readonly RecordedSpan[];
  /** How many spans it had when it was added: one may end later. */
  readonly keptSpans: number;
  readonly spanCount: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Most spans that are kept of all traces together: they take the memory, and a trace may have many. */
const MOST_SPANS = 20_000;

/** The last traces of a process. The oldest ones make room for a new one. */
export class TraceBuffer {
  readonly #size: number;
  /** The oldest one first. */
  readonly #traces: KeptTrace[] = [];
  #spans = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @param spanCount counts those that were too many to be kept too */
  add(root: RecordedSpan, spans: readonly RecordedSpan[], spanCount: number): void {
    const startedAt = Date.now() - (root.durationMs ?? 0);
    this.#traces.push({ root, spans, keptSpans: spans.length, spanCount, startedAt });
    this.#spans += spans.length;
    while (this.#traces.length > this.#size || this.#spans > MOST_SPANS)
      this.#spans -= this.#traces.shift()?.keptSpans ?? 0;
  }

  /** Lists the traces, the newest one first. */
  page({ operation, status }: TraceFilter): TracesPage {
    const traces = this.#traces
      .toReversed()
      .filter(({ root }) => operation === undefined || isAbout(root, operation))
      .filter(({ root }) => status === undefined || statusOf(root) === status.toUpperCase())
      .map(summaryOf);
    return { traces, bufferSize: this.#size, bufferUsed: this.#traces.length };
  }

  find(traceId: string): TraceDetails | undefined {
    const found = this.#traces.findLast(({ root }) => root.context.traceId === traceId);
    if (found === undefined) return undefined;
    const { spanCount: _, ...summary } = summaryOf(found);
    return { ...summary, spans: found.spans.map(spanSummary) };
  }
}

function isAbout({ name, attributes }: RecordedSpan, operation: string): boolean {
  return name.includes(operation) || String(attributes["naftiko.operation.id"] ?? "").includes(operation);
}

function summaryOf({ root, spanCount, startedAt }: KeptTrace): TraceSummary {
  return {
    traceId: root.context.traceId,
    operation: root.name,
    durationMs: roundedMs(root),
    status: statusOf(root),
    spanCount,
    timestamp: new Date(startedAt).toISOString(),
  };
}

function spanSummary(span: RecordedSpan): SpanSummary {
  const { context, parent, name, kind } = span;
  return {
    spanId: context.spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    name,
    kind,
    durationMs: roundedMs(span),
    status: statusOf(span),
  };
}

/** Milliseconds, with microseconds behind the point. */
function roundedMs({ durationMs = 0 }: RecordedSpan): number {
  return Math.round(durationMs * 1000) / 1000;
}

function statusOf({ errorType }: RecordedSpan): "OK" | "ERROR" {
  return errorType === undefined ? "OK" : "ERROR";
}
