import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Returns why a text cannot be used as trusted authorities, or `undefined` if it has one or more certificates in PEM.
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
