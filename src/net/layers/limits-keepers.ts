import type { Transport } from "../transport.ts";

const keepers = new WeakSet<Transport>();

/** Marks a transport of this package that keeps to the limits of an exchange by itself. */
export function markKeeper(transport: Transport): Transport {
  keepers.add(transport);
  return transport;
}

/** Whether a transport is known to keep to the limits: any other may be a program's own. */
export function isKeeper(transport: Transport): boolean {
  return keepers.has(transport);
}
