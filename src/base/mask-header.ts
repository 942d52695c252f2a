import type { SecretMask } from "./mask-secrets.ts";
import { secretName } from "./secret-name.ts";

/** Scheme of an authorization. It is not secret, and worth seeing. */
const SCHEME = /^(?:Bearer|Basic|Digest) /;

/** Fields of nearly every request, which need no reading of their names. */
const USUAL: ReadonlyMap<string, boolean> = new Map([
  ["accept", false],
  ["content-type", false],
  ["user-agent", false],
  ["authorization", true],
]);

/** Tells whether a header field, in lower case, holds a credential whatever its value is. */
export function isCredentialHeader(name: string): boolean {
  return USUAL.get(name) ?? secretName(name) !== undefined;
}

/** Returns the value of a header field with its secrets masked. */
export function maskHeader(name: string, value: string, secrets: Pick<SecretMask, "field">): string {
  if (!isCredentialHeader(name)) return secrets.field(name, value);
  const [scheme = ""] = SCHEME.exec(value) ?? [];
  return `${scheme}***`;
}

/** Returns the secret part of an authorization. */
export function withoutScheme(value: string): string {
  return value.replace(SCHEME, "");
}
