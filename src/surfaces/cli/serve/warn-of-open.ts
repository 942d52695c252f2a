import { isIPv6 } from "node:net";
import { isLoopback } from "../../../base/plain-http.ts";
import type { ExposedAdapter } from "../../../language/model/exposed/types.ts";
import type { ServedCapability } from "./open-served.ts";
import { labelOf } from "./own-ports.ts";

/** Returns the address that an adapter listens on; `undefined` for one that does not. */
export type HostOf = (adapter: ExposedAdapter) => string | undefined;

/** Makes what warns, once, of each adapter that others than the programs of this computer can call without a secret. */
export function openWarner(
  name: string,
  hostOf: HostOf,
  warn: (message: string) => void,
): (opened: Pick<ServedCapability, "adapters">) => void {
  const told = new Set<string>();
  return ({ adapters }) => {
    for (const { adapter, isSupported } of adapters) {
      const host = hostOf(adapter);
      if (host === undefined || isLocal(host) || adapter.authentication !== undefined || !isSupported) continue;
      const label = labelOf(name, adapter);
      if (told.has(label)) continue;
      told.add(label);
      warn(`warning: ${label} has no authentication: everybody who reaches ${host} can call it`);
    }
  };
}

/** Tells whether only programs of this computer reach an address. */
export function isLocal(host: string): boolean {
  // A URL has no zone: loopback addresses have none either.
  return isLoopback(isIPv6(host) ? new URL(`http://[${host.replace(/%.*/, "")}]`).hostname : host.toLowerCase());
}
