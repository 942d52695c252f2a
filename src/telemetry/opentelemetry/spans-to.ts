import {
  type Attributes,
  createTraceState,
  SpanKind as OtelKind,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { version } from "../../base/version.ts";
import type { SpanKind, SpanTarget } from "../span.ts";
import type { TraceContext } from "../trace-context.ts";

const KINDS: Record<SpanKind, OtelKind> = {
  SERVER: OtelKind.SERVER,
  CLIENT: OtelKind.CLIENT,
  INTERNAL: OtelKind.INTERNAL,
};

/** Gives spans to a provider of OpenTelemetry. Its ids are theirs. */
export function spansTo(provider: TracerProvider, active: () => SpanContext | undefined): SpanTarget {
  const tracer = provider.getTracer("naftiko", version);
  return {
    active() {
      const found = active();
      return found && fromOtel(found);
    },
    begin({ name, kind, parent, startedAt }) {
      const around = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, toOtel(parent, kind));
      const begun = tracer.startSpan(name, { kind: KINDS[kind], startTime: startedAt }, around);
      return {
        context: fromOtel(begun.spanContext()),
        end({ name: given, attributes, durationMs = 0, errorType }) {
          begun.updateName(given);
          begun.setAttributes(attributes satisfies Attributes);
          if (errorType !== undefined) {
            begun.setAttribute("error.type", errorType);
            begun.setStatus({ code: SpanStatusCode.ERROR });
          }
          begun.end(startedAt + durationMs);
        },
      };
    },
  };
}

/** A server has its parent elsewhere. */
function toOtel({ traceId, spanId, isSampled, state }: TraceContext, kind: SpanKind): SpanContext {
  const context = { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
  const placed = { ...context, isRemote: kind === "SERVER" };
  return state === undefined ? placed : { ...placed, traceState: createTraceState(state) };
}

function fromOtel({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  return { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0, state: traceState?.serialize() };
}
