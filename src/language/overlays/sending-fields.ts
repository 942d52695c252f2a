import type { ConnectionOverlay, HostOverlay, SendingOverlay } from "./overlays.ts";
import type { SendingSettings } from "./resolved-overlay.ts";

/** What overlays say of sending, of a capability or an operation, in the order it is shown. */
export const SENDING_FIELDS: readonly (keyof SendingOverlay)[] = [
  "timeoutMs",
  "connectTimeoutMs",
  "deadlineMs",
  "retries",
  "idempotent",
  "idempotencyKey",
  "cache",
];

/** What overlays say of the hosts of a capability. */
export const HOST_FIELDS: readonly (keyof HostOverlay)[] = [
  "requestsPerSecond",
  "concurrency",
  "circuitBreaker",
];

/** What overlays say of where a capability's requests go, and how they get there. */
export const CONNECTION_FIELDS: readonly (keyof ConnectionOverlay)[] = ["allowHosts", "egress", "caFile"];

/** All that overlays say of how the requests of an operation are sent. */
export const ALL_SENDING_FIELDS: readonly (keyof SendingSettings)[] = [
  ...SENDING_FIELDS,
  ...HOST_FIELDS,
  ...CONNECTION_FIELDS,
];
