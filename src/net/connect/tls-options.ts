import type { SecureContextOptions } from "node:tls";
import type { TlsIdentity } from "../transport.ts";

/** Returns an identity as options of `node:tls`. */
export function tlsOptions({
  certificate: cert,
  privateKey: key,
  passphrase,
  certificateAuthority: ca,
}: TlsIdentity): SecureContextOptions {
  return { cert, key, passphrase, ca };
}
