import type { TraceContext } from "./trace-context.ts";

/** Headers that carry a trace between processes: those of W3C Trace Context, or those of B3. */
export type Propagation = "w3c" | "b3";

/** Header fields of a request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

interface PropagationForm {
  /** Reads the trace that a caller takes part in. `undefined` if there is none, or it is malformed. */
  extract(headers: Headers): TraceContext | undefined;
  /** Returns the header fields that carry a trace on. */
  fields(context: TraceContext): Readonly<Record<string, string>>;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; a later version may have more behind the flags. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
/** Printable ASCII, of the length that every party has to pass on. */
const TRACESTATE = /^[ -~]{1,512}$/;
const TRACE_ID = /^(?!0+$)(?:[\da-f]{16}){1,2}$/;
const SPAN_ID = /^(?!0{16})[\da-f]{16}$/;
const LONGEST_FIELD = 256;

const forms: Record<Propagation, PropagationForm> = {
  w3c: {
    extract(headers) {
      const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(field(headers, "traceparent")) ?? [];
      if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
      if (version === "00" && more !== undefined) return undefined;
      const state = headers["tracestate"];
      const isKept = typeof state === "string" && TRACESTATE.test(state);
      return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1, state: isKept ? state : undefined };
    },
    fields({ traceId, spanId, isSampled, state }) {
      const traceparent = `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
      return state === undefined ? { traceparent } : { traceparent, tracestate: state };
    },
  },
  b3: {
    extract(headers) {
      const single = field(headers, "b3").split("-");
      if (single.length > 1) return b3Context(single[0], single[1], single[2]);
      const sampled = field(headers, "x-b3-flags") === "1" ? "d" : field(headers, "x-b3-sampled");
      return b3Context(field(headers, "x-b3-traceid"), field(headers, "x-b3-spanid"), sampled);
    },
    /** Both encodings: a server reads the one that it knows. */
    fields({ traceId, spanId, isSampled }) {
      const sampled = isSampled ? "1" : "0";
      return {
        b3: `${traceId}-${spanId}-${sampled}`,
        "x-b3-traceid": traceId,
        "x-b3-spanid": spanId,
        "x-b3-sampled": sampled,
      };
    },
  },
};

/** Reads the trace of a caller, in the form that is wanted or else in the other one. Malformed headers are ignored. */
export function extractContext(headers: Headers, wanted: Propagation): TraceContext | undefined {
  return forms[wanted].extract(headers) ?? forms[wanted === "w3c" ? "b3" : "w3c"].extract(headers);
}

/** Returns the header fields that carry a trace on. */
export function contextFields(context: TraceContext, form: Propagation): Readonly<Record<string, string>> {
  return forms[form].fields(context);
}

/** https://github.com/openzipkin/b3-propagation: without a decision, the receiver takes its own. */
function b3Context(
  traceId: string | undefined,
  spanId: string | undefined,
  sampled: string | undefined,
): TraceContext | undefined {
  if (traceId === undefined || spanId === undefined || !TRACE_ID.test(traceId) || !SPAN_ID.test(spanId))
    return undefined;
  const isSampled = sampled === "1" || sampled === "d" || sampled === "true";
  return { traceId: traceId.padStart(32, "0"), spanId, isSampled, state: undefined };
}

function field(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === "string" && value.length <= LONGEST_FIELD ? value : "";
}
