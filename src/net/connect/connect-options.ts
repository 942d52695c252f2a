import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import type { TlsIdentity } from "../transport.ts";
import type { ConnectionRules } from "./connection-rules.ts";
import { publicLookup, requirePublicLiteral } from "./egress/public-lookup.ts";
import { secureContextOf } from "./secure-context.ts";

/** Options of `node:net` and `node:tls` for a connection by rules. */
interface ConnectOptions {
  readonly lookup: LookupFunction | undefined;
  readonly secureContext: SecureContext | undefined;
}

/** Parts of a wire in place of the system's. */
export interface WireOptions {
  readonly lookup?: LookupFunction;
}

/**
 * Returns the options of a connection.
 *
 * @param url URL of a request to the host
 * @throws CapabilityError `EGRESS_REFUSED`
 */
export function connectOptions(
  url: string,
  rules: ConnectionRules,
  identity: TlsIdentity | undefined,
  { lookup = systemLookup as LookupFunction }: WireOptions,
): ConnectOptions {
  if (rules.publicOnly) requirePublicLiteral(url);
  return {
    lookup: rules.publicOnly ? publicLookup(lookup, url) : undefined,
    secureContext: secureContextOf(identity, rules),
  };
}
