import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import type { TlsIdentity } from "../transport.ts";
import type { ConnectionRules } from "./connection-rules.ts";
import { tlsOptions } from "./tls-options.ts";

/**
 * Creates the TLS context of an identity and the rules. Many connections share it: reading Node's authorities is slow.
 *
 * @returns `undefined` if Node's default will do
 */
export function secureContextOf(
  identity: TlsIdentity | undefined,
  { certificateAuthority }: ConnectionRules,
): tls.SecureContext | undefined {
  if (identity === undefined && certificateAuthority === undefined) return undefined;
  const own = identity?.certificateAuthority;
  return tls.createSecureContext({
    ...(identity && tlsOptions(identity)),
    ...(certificateAuthority === undefined
      ? {}
      : { ca: [...(own === undefined ? nodeAuthorities() : [own]), certificateAuthority] }),
  });
}

/** Returns the authorities that Node trusts by default. They must be in each list of others, which replaces them. */
function nodeAuthorities(): readonly string[] {
  // From Node 22.15 on; the types are those of Node 20.
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? [...tls.rootCertificates, ...extraAuthorities()];
}

/** Reads the file of more authorities. Node reads it as it starts, and only warns if it cannot. */
function extraAuthorities(): readonly string[] {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  if (!file) return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
