import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import type { TlsIdentity } from "../transport.ts";
import type { ConnectionRules } from "./connection-rules.ts";
import { tlsOptions } from "./tls-options.ts";

/**
 * What an identity and the rules make of TLS. One is for many connections: reading Node's authorities takes a while.
 *
 * @returns nothing where TLS is as usual
 */
export function secureContextOf(
  identity: TlsIdentity | undefined,
  { certificateAuthority }: ConnectionRules,
): tls.SecureContext | undefined {
  if (identity === undefined && certificateAuthority === undefined) return undefined;
  const own = identity?.certificateAuthority;
  return tls.createSecureContext({
    ...(identity === undefined ? {} : tlsOptions(identity)),
    ...(certificateAuthority === undefined
      ? {}
      : { ca: [...(own === undefined ? nodeAuthorities() : [own]), certificateAuthority] }),
  });
}

/** The authorities that Node trusts where nobody names others: a list of some replaces them. */
function nodeAuthorities(): readonly string[] {
  // From Node 22.15 on; the types are those of Node 20.
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? [...tls.rootCertificates, ...extraAuthorities()];
}

/** Node reads it as it starts, from its own environment, and only warns where it cannot. */
function extraAuthorities(): readonly string[] {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  if (!file) return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
