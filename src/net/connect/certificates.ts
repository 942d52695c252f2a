import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Tells why a text cannot say which authorities to trust.
 *
 * @returns nothing where it is one certificate in PEM or more
 */
export function certificatesProblem(pem: string): string | undefined {
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length === 0) return "has no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  const bad = found.findIndex(certificate => !isCertificate(certificate));
  return bad < 0 ? undefined : `has a certificate that cannot be read (number ${bad + 1} of ${found.length})`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
