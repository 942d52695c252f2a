import { Metrics, type MetricTarget, methodLabel } from "./metrics.ts";
import { type CallerTrace, contextFields, extractTrace, type Headers, type Propagation } from "./propagation.ts";
import { ServedRequest } from "./served-request.ts";
import { RecordedSpan, type Span, type SpanKind, type SpanTarget, UnsampledSpan } from "./span.ts";
import { TraceBuffer, type TraceDetails, type TraceFilter, type TracesPage } from "./trace-buffer.ts";
import type { TraceContext } from "./trace-context.ts";

/** What is kept of the work of a capability. */
interface TelemetrySettings {
  /** Share of the traces beginning here that are sampled, from 0 to 1. The decision of a caller wins. */
  readonly sampling: number;
  readonly propagation: Propagation;
  /** How many of the last traces are kept; `undefined`: none. */
  readonly traceBuffer: number | undefined;
}

/** Another place that spans and numbers go to: a collector, or the OpenTelemetry of the program. */
export interface TelemetryTarget {
  readonly spans: SpanTarget | undefined;
  readonly metrics: MetricTarget | undefined;
  /** Sends what is left, for a short time at most. */
  close(): Promise<void>;
}

/** Most spans that are kept of one trace. */
const MOST_SPANS = 200;

/** Traces and numbers of a capability. It is off until it is configured. */
export class Telemetry {
  readonly metrics: Metrics = new Metrics();
  #settings: TelemetrySettings | undefined;
  #traces: TraceBuffer | undefined;
  #target: TelemetryTarget | undefined;

  get isOn(): boolean {
    return this.#settings !== undefined;
  }

  /** Takes new settings. Traces stay where the size of their buffer does, and numbers always. */
  configure(settings: TelemetrySettings | undefined, target: TelemetryTarget | undefined): void {
    const size = settings?.traceBuffer;
    if (size !== this.#settings?.traceBuffer) this.#traces = size === undefined ? undefined : new TraceBuffer(size);
    this.#settings = settings;
    void this.#target?.close();
    this.#target = target;
    this.metrics.target = target?.metrics;
  }

  /** Begins to follow a request that was received. It takes part in the trace that its headers name. */
  serve(adapter: string, method: string, headers: Headers): ServedRequest {
    const caller = extractTrace(headers, this.#settings?.propagation ?? "w3c");
    return new ServedRequest(this.begin(methodLabel(method), "SERVER", caller), this.metrics, adapter, method);
  }

  /** Begins a span that no other one of this process causes. */
  begin(name: string, kind: SpanKind, caller: CallerTrace | undefined): Span {
    const active = caller === undefined ? this.#target?.spans?.active() : undefined;
    const isSampled = (caller ?? active)?.isSampled ?? Math.random() < (this.#settings?.sampling ?? 0);
    const parent = caller?.parent === undefined ? active : { ...caller.parent, isSampled };
    return isSampled ? this.#record(name, kind, parent) : new UnsampledSpan(parent);
  }

  /** Returns the header fields that carry the trace of a span on. */
  fieldsOf(span: Span): Readonly<Record<string, string>> {
    return contextFields(span.context, this.#settings?.propagation ?? "w3c");
  }

  /** Lists the last traces. `undefined` if none are kept. */
  tracesPage(filter: TraceFilter): TracesPage | undefined {
    return this.#traces?.page(filter);
  }

  /** Returns a trace that is kept. */
  traceById(traceId: string): TraceDetails | undefined {
    return this.#traces?.find(traceId);
  }

  /** Sends what is left to the target, for a short time at most. */
  async close(): Promise<void> {
    await this.#target?.close();
  }

  /** Begins a trace's first span here. The trace is kept when that span, which encloses the others, has ended. */
  #record(name: string, kind: SpanKind, parent: TraceContext | undefined): Span {
    const traces = this.#traces;
    const spans: RecordedSpan[] = [];
    let count = 0;
    const ended = (span: RecordedSpan) => {
      count++;
      if (spans.length < MOST_SPANS || span === first) spans.push(span);
      if (span === first) traces?.add(span, spans, count);
    };
    const first = new RecordedSpan(name, kind, parent, { target: this.#target?.spans, ended });
    return first;
  }
}
