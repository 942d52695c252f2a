import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type CapabilityError, changeError, isCapabilityError } from "../../base/capability-error.ts";
import type { TlsIdentity } from "../../net/transport.ts";
import { authenticationError, quoteServer } from "./authentication-error.ts";
import type { AuthenticatedSend, FieldValues, SessionContext } from "./authentication-kind.ts";

/**
 * Opens a session that shows the certificate in each handshake. A certificate that cannot work is refused before anything
 * is sent: the TLS library and the server would only say that the handshake failed.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED`
 */
export function mtlsSession(values: FieldValues, { now }: SessionContext): AuthenticatedSend {
  const identity = readIdentity(values);
  const subject = checkIdentity(identity, now());
  return async (request, exchange, send) => {
    if (!request.url.startsWith("https:")) {
      throw failed("not_https", `A client certificate needs https, and ${new URL(request.url).origin} has none`);
    }
    try {
      return await send(request, { ...exchange, connect: { ...exchange.connect, tls: identity } });
    } catch (error) {
      throw isCapabilityError(error, "NETWORK") ? explain(error, subject) : error;
    }
  };
}

/** Adds the certificate to an error. A server that refuses a certificate ends the connection, and seldom says why. */
function explain(error: CapabilityError<"NETWORK">, subject: string): CapabilityError {
  if (!/^(?:ECONNRESET|EPIPE|ERR_SSL_.*ALERT)/.test(error.details.reason)) return error;
  return changeError(error, {
    message: `${error.message}; it may not take the client certificate (${subject})`,
  });
}

function readIdentity(values: FieldValues): TlsIdentity {
  const { certificate = "", privateKey = "", passphrase, certificateAuthority } = values;
  const identity = {
    certificate: withLineBreaks(certificate),
    privateKey: withLineBreaks(privateKey),
    passphrase,
    certificateAuthority: certificateAuthority && withLineBreaks(certificateAuthority),
  };
  return { id: createHash("sha256").update(JSON.stringify(identity)).digest("hex"), ...identity };
}

/** Restores line breaks. Environments with one line per variable write the line breaks of PEM as `\n`. */
function withLineBreaks(pem: string): string {
  return pem.includes("\n") ? pem : pem.replaceAll("\\n", "\n");
}

/** Checks an identity. @returns the subject of the certificate, for messages */
function checkIdentity(identity: TlsIdentity, now: number): string {
  const certificate = readCertificate("certificate", identity.certificate);
  if (identity.certificateAuthority !== undefined)
    readCertificate("certificateAuthority", identity.certificateAuthority);
  const key = readKey(identity);
  const subject = quoteServer(certificate.subject || "its subject is empty");
  if (!certificate.checkPrivateKey(key)) {
    throw failed("key_mismatch", `The certificate (${subject}) does not fit the "privateKey"`);
  }
  if (Date.parse(certificate.validTo) < now) {
    throw failed("certificate_expired", `The certificate (${subject}) has expired on ${certificate.validTo}`);
  }
  return subject;
}

function readCertificate(field: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw failed("certificate_unreadable", `The "${field}" is not a certificate in PEM`, error);
  }
}

function readKey({ privateKey, passphrase }: TlsIdentity): KeyObject {
  try {
    return createPrivateKey({ key: privateKey, passphrase });
  } catch (error) {
    const why = !privateKey.includes("ENCRYPTED")
      ? "is not a private key in PEM"
      : passphrase === undefined
        ? 'is encrypted, and the "passphrase" is missing'
        : 'is encrypted, and the "passphrase" does not open it';
    throw failed("key_unreadable", `The "privateKey" ${why}`, error);
  }
}

function failed(reason: string, message: string, cause?: unknown): Error {
  return authenticationError("mtls", reason, message, { cause });
}
