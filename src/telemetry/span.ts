import { newSpanId, newTraceId, type TraceContext } from "./trace-context.ts";

/** Role of a span: a request that was served, one that was sent, or work in between. */
export type SpanKind = "SERVER" | "CLIENT" | "INTERNAL";
type AttributeValue = string | number | boolean;

/** Work that takes part in a trace. */
export interface Span {
  /** Its place in the trace, for what it causes elsewhere. */
  readonly context: TraceContext;
  /** Whether it is kept. Attributes that cost something need not be made otherwise. */
  readonly isRecording: boolean;
  child(name: string, kind: SpanKind): Span;
  set(name: string, value: AttributeValue): void;
  rename(name: string): void;
  /** Ends the work, with the kind of its failure if it has failed: an error's code, or a status. Only the first time counts. */
  end(errorType?: string): void;
}

/** Another place that spans go to. */
export interface SpanTarget {
  /** Returns the span there that is under way, if there is one. */
  active(): TraceContext | undefined;
  /** Begins a span there. It gives the span its ids. */
  begin(span: RecordedSpan): TargetSpan;
}

/** A span that has begun elsewhere too. */
interface TargetSpan {
  readonly context: TraceContext;
  end(span: RecordedSpan): void;
}

/** The part of a trace that this process adds to it: one span, and those within it. */
interface LocalTrace {
  readonly target: SpanTarget | undefined;
  /** Called with each span that ends. */
  readonly ended: (span: RecordedSpan) => void;
}

/** A span of a trace that is sampled. */
export class RecordedSpan implements Span {
  readonly isRecording = true;
  readonly kind: SpanKind;
  readonly trace: LocalTrace;
  /** What caused it: a span of this process, or of another one. */
  readonly parent: TraceContext | undefined;
  readonly context: TraceContext;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly attributes: Record<string, AttributeValue> = {};
  name: string;
  durationMs: number | undefined;
  errorType: string | undefined;
  readonly #targeted: TargetSpan | undefined;

  constructor(name: string, kind: SpanKind, parent: TraceContext | undefined, trace: LocalTrace) {
    this.name = name;
    this.kind = kind;
    this.parent = parent;
    this.trace = trace;
    this.startedAt = performance.now();
    this.#targeted = trace.target?.begin(this);
    this.context = this.#targeted?.context ?? {
      traceId: parent?.traceId ?? newTraceId(),
      spanId: newSpanId(),
      isSampled: true,
      state: parent?.state,
    };
  }

  child(name: string, kind: SpanKind): Span {
    return new RecordedSpan(name, kind, this.context, this.trace);
  }

  set(name: string, value: AttributeValue): void {
    this.attributes[name] = value;
  }

  rename(name: string): void {
    this.name = name;
  }

  end(errorType?: string): void {
    if (this.durationMs !== undefined) return;
    this.durationMs = performance.now() - this.startedAt;
    this.errorType = errorType;
    this.#targeted?.end(this);
    this.trace.ended(this);
  }
}

/** Carries on a trace that is not sampled. All work of the process in that trace shares it. */
export class UnsampledSpan implements Span {
  readonly isRecording = false;
  #context: TraceContext | undefined;

  constructor(parent: TraceContext | undefined) {
    this.#context = parent;
  }

  /** Ids are made when a request takes them along: much work sends none. */
  get context(): TraceContext {
    this.#context ??= { traceId: newTraceId(), spanId: newSpanId(), isSampled: false, state: undefined };
    return this.#context;
  }

  child(): Span {
    return this;
  }

  set(): void {}

  rename(): void {}

  end(): void {}
}
