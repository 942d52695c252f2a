import { isObject } from "../../base/json-object.ts";
import { boolean, choice, filePath, milliseconds, object, texts, wholeNumber } from "../../base/option-kinds.ts";
import type { OptionRows } from "../../base/option-row.ts";
import type { CircuitBreakerOverlay, ConnectionOverlay, HostOverlay, SendingOverlay } from "./overlays.ts";

// Every setting for sending once, in the order in which they are shown. The options of the library and of the command of
// the same name are the same rows.

/** Settings that a whole capability has, and no single operation. */
export type CapabilityOverlay = HostOverlay & ConnectionOverlay;

const TIME = { value: "TIME", group: "Time and attempts" } as const;

/** Settings that a capability and each of its operations may have. */
export const operationRows: OptionRows<Required<SendingOverlay>> = {
  timeoutMs: {
    kind: milliseconds(0),
    default: 30_000,
    zero: "no limit",
    text: "longest time of one attempt, to the last byte; in a stream between two pieces",
    flag: { name: "timeout", ...TIME },
  },
  connectTimeoutMs: {
    kind: milliseconds(0),
    default: 10_000,
    zero: "no limit",
    text: "longest time of opening a connection",
    flag: { name: "connect-timeout", ...TIME },
  },
  deadlineMs: {
    kind: milliseconds(0),
    default: 0,
    zero: "no limit",
    text: "longest time of a whole call with all its attempts",
    flag: { name: "deadline", ...TIME },
  },
  retries: {
    kind: wholeNumber(0),
    default: 2,
    text: "further attempts after a failure that may pass, of requests that may be repeated",
    flag: { name: "retries", value: "N", group: "Time and attempts" },
  },
  idempotent: {
    kind: boolean,
    default: false,
    text: "whether a request may be repeated whatever its method",
  },
  idempotencyKey: {
    kind: object("true, false or a text", value => typeof value === "boolean" || typeof value === "string"),
    default: false,
    text: "whether calls get an idempotency key; or the header for it",
  },
  cache: {
    kind: boolean,
    default: false,
    text: "whether answers are kept for later calls",
  },
};

/** Settings that only a whole capability may have. */
export const capabilityRows: OptionRows<
  CapabilityOverlay & Required<Pick<CapabilityOverlay, "circuitBreaker" | "egress">>
> = {
  requestsPerSecond: {
    kind: {
      form: "number",
      words: "a number above 0",
      holds: value => typeof value === "number" && value > 0,
    },
    text: "requests to each host that begin in any second; others wait",
  },
  concurrency: {
    kind: wholeNumber(1, 10_000),
    text: "requests to each host that are under way at once; others wait",
  },
  circuitBreaker: {
    kind: object("true, false or limits", value => typeof value === "boolean" || isObject(value)),
    default: false,
    text: "when no more is sent to a host because most calls fail there; `true`: its defaults",
  },
  allowHosts: {
    kind: texts("a list of host names"),
    text: "hosts that may be called, or `*.example.com` for all below one; no others may",
    flag: {
      name: "allow-host",
      value: "HOST",
      group: "Security and limits",
      text: "a host that may be called, or `*.example.com` for all below one; no others may",
      isRepeatable: true,
    },
  },
  egress: {
    kind: choice(["any", "public"]),
    default: "any",
    text: "`public`: only public addresses are connected to",
    flag: { name: "egress", value: "any|public", group: "Security and limits" },
  },
  caFile: {
    kind: filePath,
    text: "file of certificates in PEM, trusted besides Node's; relative to the folder of this file",
  },
};

/** Limits of `circuitBreaker: true`, and of one that leaves some out. */
export const BREAKER_DEFAULTS: Required<CircuitBreakerOverlay> = {
  errorRate: 0.5,
  minimumCalls: 10,
  windowMs: 30_000,
  openMs: 30_000,
};

export const OPERATION_NAMES = Object.keys(operationRows) as readonly (keyof SendingOverlay)[];
export const CAPABILITY_NAMES = Object.keys(capabilityRows) as readonly (keyof CapabilityOverlay)[];

/** Names of all settings for sending, in the order in which they are shown. */
export const SENDING_NAMES: readonly (keyof SendingOverlay | keyof CapabilityOverlay)[] = [
  ...OPERATION_NAMES,
  ...CAPABILITY_NAMES,
];
