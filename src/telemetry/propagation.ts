import type { TraceContext } from "./trace-context.ts";

/** Headers that carry a trace between processes: those of W3C Trace Context, or those of B3. */
export type Propagation = "w3c" | "b3";

/** Header fields of a request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers of a caller say of its trace. */
export interface CallerTrace {
  /** Its span. `undefined` if only the decision was told. */
  readonly parent: Omit<TraceContext, "isSampled"> | undefined;
  /** `undefined`: the decision is left to the receiver. */
  readonly isSampled: boolean | undefined;
}

interface PropagationForm {
  /** Reads the trace that a caller takes part in. `undefined` if there is none, or it is malformed. */
  extract(headers: Headers): CallerTrace | undefined;
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
      const parent = { traceId, spanId, state: isKept ? state : undefined };
      return { parent, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
    },
    fields({ traceId, spanId, isSampled, state }) {
      const traceparent = `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
      return state === undefined ? { traceparent } : { traceparent, tracestate: state };
    },
  },
  b3: {
    extract(headers) {
      const single = field(headers, "b3");
      if (single !== "") {
        const [traceId = "", spanId = "", sampled] = single.includes("-") ? single.split("-") : ["", "", single];
        return b3Trace(traceId, spanId, sampled);
      }
      const sampled = field(headers, "x-b3-flags") === "1" ? "d" : field(headers, "x-b3-sampled");
      return b3Trace(field(headers, "x-b3-traceid"), field(headers, "x-b3-spanid"), sampled);
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
export function extractTrace(headers: Headers, wanted: Propagation): CallerTrace | undefined {
  return forms[wanted].extract(headers) ?? forms[wanted === "w3c" ? "b3" : "w3c"].extract(headers);
}

/** Returns the header fields that carry a trace on. */
export function contextFields(context: TraceContext, form: Propagation): Readonly<Record<string, string>> {
  return forms[form].fields(context);
}

/** Decisions of B3. `d`, for debugging, is sampled too. */
const decisions: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["d", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** https://github.com/openzipkin/b3-propagation: a decision may come without a trace, and a trace without a decision. */
function b3Trace(traceId: string, spanId: string, sampled: string | undefined): CallerTrace | undefined {
  const isSampled = decisions.get(sampled ?? "");
  if (traceId === "" && spanId === "") return isSampled === undefined ? undefined : { parent: undefined, isSampled };
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return undefined;
  return { parent: { traceId: traceId.padStart(32, "0"), spanId, state: undefined }, isSampled };
}

function field(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === "string" && value.length <= LONGEST_FIELD ? value : "";
}
