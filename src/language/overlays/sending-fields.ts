import type { ConnectionOverlay, HostOverlay, SendingOverlay } from "./overlays.ts";
import type { SendingSettings } from "./resolved-overlay.ts";

/** Fields for sending, of a capability or an operation, in the order of their output. */
export const SENDING_FIELDS: readonly (keyof SendingOverlay)[] = [
  "timeoutMs",
  "connectTimeoutMs",
  "deadlineMs",
  "retries",
  "idempotent",
  "idempotencyKey",
  "cache",
];

/** Fields for the hosts of a capability. */
export const HOST_FIELDS: readonly (keyof HostOverlay)[] = [
  "requestsPerSecond",
  "concurrency",
  "circuitBreaker",
];

/** Fields for the places of a capability's requests and the way to them. */
export const CONNECTION_FIELDS: readonly (keyof ConnectionOverlay)[] = ["allowHosts", "egress", "caFile"];

/** All fields for how the requests of an operation are sent. */
export const ALL_SENDING_FIELDS: readonly (keyof SendingSettings)[] = [
  ...SENDING_FIELDS,
  ...HOST_FIELDS,
  ...CONNECTION_FIELDS,
];
