import type { ConnectionOverlay, HostOverlay, SendingOverlay } from "./overlays.ts";

/** Settings that a whole capability has, and no single operation. */
export type CapabilityOverlay = HostOverlay & ConnectionOverlay;

/** Settings for sending that one operation may have too, in the order in which they are shown. */
const OPERATION_SETTINGS: Readonly<Record<keyof SendingOverlay, true>> = {
  timeoutMs: true,
  connectTimeoutMs: true,
  deadlineMs: true,
  retries: true,
  idempotent: true,
  idempotencyKey: true,
  cache: true,
};

const CAPABILITY_SETTINGS: Readonly<Record<keyof CapabilityOverlay, true>> = {
  requestsPerSecond: true,
  concurrency: true,
  circuitBreaker: true,
  allowHosts: true,
  egress: true,
  caFile: true,
};

export const OPERATION_NAMES = Object.keys(OPERATION_SETTINGS) as readonly (keyof SendingOverlay)[];
export const CAPABILITY_NAMES = Object.keys(CAPABILITY_SETTINGS) as readonly (keyof CapabilityOverlay)[];

/** Names of all settings for sending, in the order in which they are shown. */
export const SENDING_NAMES: readonly (keyof SendingOverlay | keyof CapabilityOverlay)[] = [
  ...OPERATION_NAMES,
  ...CAPABILITY_NAMES,
];
