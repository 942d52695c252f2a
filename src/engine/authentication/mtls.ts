import type { SessionKind } from "./authentication-kind.ts";

/** A certificate that the client shows in the TLS handshake (RFC 8446, 4.4.2). */
export const mtls: SessionKind = {
  fields: ["certificate", "privateKey"],
  optionalFields: ["passphrase", "certificateAuthority"],
  publicFields: ["certificate", "certificateAuthority"],
  place: () => undefined,
  async open(values, context) {
    const { mtlsSession } = await import("./mtls-session.ts");
    return mtlsSession(values, context);
  },
};
