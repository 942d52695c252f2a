import { expect, test } from "vitest";
import { contextFields, extractTrace, type Headers } from "../../src/telemetry/propagation.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const parent = { traceId: TRACE, spanId: SPAN, state: undefined };
const sampled = { parent, isSampled: true };
const unsampled = { parent, isSampled: false };

test.each<{ what: string; headers: Headers; context: object | undefined }>([
  { what: "a sampled trace", headers: { traceparent: `00-${TRACE}-${SPAN}-01` }, context: sampled },
  { what: "one that is not sampled", headers: { traceparent: `00-${TRACE}-${SPAN}-00` }, context: unsampled },
  { what: "other flags", headers: { traceparent: `00-${TRACE}-${SPAN}-03` }, context: sampled },
  { what: "a later version", headers: { traceparent: `cc-${TRACE}-${SPAN}-01-what-comes` }, context: sampled },
  {
    what: "the state of other parties",
    headers: { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "rojo=1,congo=2" },
    context: { ...sampled, parent: { ...parent, state: "rojo=1,congo=2" } },
  },
  {
    what: "no state with control characters",
    headers: { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "rojo=1\u0001" },
    context: sampled,
  },
  {
    what: "no state that is too long",
    headers: { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: `a=${"b".repeat(600)}` },
    context: sampled,
  },
  { what: "B3 in one header", headers: { b3: `${TRACE}-${SPAN}-1` }, context: sampled },
  { what: "B3 with a parent", headers: { b3: `${TRACE}-${SPAN}-d-05e3ac9a4f6e3b90` }, context: sampled },
  { what: "B3 in one header, not sampled", headers: { b3: `${TRACE}-${SPAN}-0` }, context: unsampled },
  {
    what: "B3 in several headers",
    headers: { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "1" },
    context: sampled,
  },
  {
    what: "B3 that is debugged",
    headers: { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-flags": "1" },
    context: sampled,
  },
  {
    what: "a short id of B3",
    headers: { b3: `${SPAN}-${SPAN}-1` },
    context: { ...sampled, parent: { ...parent, traceId: `${"0".repeat(16)}${SPAN}` } },
  },
  { what: "B3 without a decision", headers: { b3: `${TRACE}-${SPAN}` }, context: { parent, isSampled: undefined } },
  {
    what: "B3 in several headers, without a decision",
    headers: { "x-b3-traceid": TRACE, "x-b3-spanid": SPAN },
    context: { parent, isSampled: undefined },
  },
  { what: "only that it is not sampled", headers: { b3: "0" }, context: { parent: undefined, isSampled: false } },
  { what: "only that it is sampled", headers: { b3: "d" }, context: { parent: undefined, isSampled: true } },
  {
    what: "only that it is not sampled, in a header of its own",
    headers: { "x-b3-sampled": "0" },
    context: { parent: undefined, isSampled: false },
  },
])("a request that was received tells $what", ({ headers, context }) => {
  expect(extractTrace(headers, "w3c")).toEqual(context);
  expect(extractTrace(headers, "b3")).toEqual(context);
});

test.each<Headers>([
  {},
  { traceparent: "" },
  { traceparent: "00" },
  { traceparent: `00-${TRACE}-${SPAN}` },
  { traceparent: `00-${TRACE}-${SPAN}-1` },
  { traceparent: `00-${TRACE}-${SPAN}-01-more` },
  { traceparent: `ff-${TRACE}-${SPAN}-01` },
  { traceparent: `00-${"0".repeat(32)}-${SPAN}-01` },
  { traceparent: `00-${TRACE}-${"0".repeat(16)}-01` },
  { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` },
  { traceparent: `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01` },
  { traceparent: [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`] },
  { traceparent: `cc-${TRACE}-${SPAN}-01-${"x".repeat(100_000)}` },
  { traceparent: `00-${TRACE}-${SPAN}-01\r\nx: y` },
  { b3: "2" },
  { b3: "constructor" },
  { b3: "-" },
  { "x-b3-sampled": "" },
  { "x-b3-spanid": SPAN, "x-b3-sampled": "0" },
  { b3: `${TRACE}-${SPAN.slice(1)}-1` },
  { b3: `${"0".repeat(32)}-${SPAN}-1` },
  { "x-b3-traceid": TRACE },
  { "x-b3-traceid": `${TRACE}"`, "x-b3-spanid": SPAN },
])("%o is no trace", headers => {
  expect(extractTrace(headers, "w3c")).toBeUndefined();
  expect(extractTrace(headers, "b3")).toBeUndefined();
});

test("the wanted form wins over the other one", () => {
  const other = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, b3: `${other}-${SPAN}-1` };
  expect(extractTrace(headers, "w3c")?.parent?.traceId).toBe(TRACE);
  expect(extractTrace(headers, "b3")?.parent?.traceId).toBe(other);
});

test.each([
  { form: "w3c", context: { ...parent, isSampled: true }, fields: { traceparent: `00-${TRACE}-${SPAN}-01` } },
  {
    form: "w3c",
    context: { ...parent, isSampled: false, state: "a=1" },
    fields: { traceparent: `00-${TRACE}-${SPAN}-00`, tracestate: "a=1" },
  },
  {
    form: "b3",
    context: { ...parent, isSampled: true },
    fields: { b3: `${TRACE}-${SPAN}-1`, "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "1" },
  },
] as const)("a trace goes on in the form $form", ({ form, context, fields }) => {
  expect(contextFields(context, form)).toEqual(fields);
});
