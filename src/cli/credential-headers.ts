import { isExposed } from "../authentication/plain-http.ts";
import type { SecretMask } from "../error/mask-secrets.ts";
import type { Transport } from "../transport/transport.ts";

/** Fields that hold a credential whoever gave it. */
const CREDENTIAL_HEADERS = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "set-cookie",
  "token",
  "x-api-key",
]);

/** The scheme of an authorization is no secret, and worth seeing. */
const SCHEME = /^(?:Bearer|Basic|Digest) /;

/** Tells whether a header field, in lower case, holds a credential whatever its value is. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name);
}

/** The value of a header field with secrets masked. */
export function maskHeader(name: string, value: string, secrets: SecretMask): string {
  if (!isCredentialHeader(name)) return secrets.text(value);
  const [scheme = ""] = SCHEME.exec(value) ?? [];
  return `${scheme}***`;
}

/**
 * A transport that learns the credentials it sends, those that the caller gave too: an API may repeat them.
 *
 * @param onExposed told of each that others can read on the way
 */
export function rememberCredentials(
  transport: Transport,
  secrets: SecretMask,
  onExposed: (header: string, host: string) => void,
): Transport {
  return (request, limits) => {
    for (const [name, value] of Object.entries(request.headers)) {
      if (!CREDENTIAL_HEADERS.has(name)) continue;
      if (isExposed(request.url)) onExposed(name, new URL(request.url).host);
      if (name === "cookie") for (const pair of value.split("; ")) secrets.add(pair.replace(/^[^=]*=/, ""));
      else secrets.add(value.replace(SCHEME, ""));
    }
    return transport(request, limits);
  };
}
