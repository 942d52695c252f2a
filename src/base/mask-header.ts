import type { SecretMask } from "./mask-secrets.ts";
import { secretName } from "./secret-name.ts";

/** The scheme of an authorization is no secret, and worth seeing. */
const SCHEME = /^(?:Bearer|Basic|Digest) /;

/** What nearly every request has, told without reading the name as words. */
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

/** The value of a header field with secrets masked. */
export function maskHeader(name: string, value: string, secrets: Pick<SecretMask, "field">): string {
  if (!isCredentialHeader(name)) return secrets.field(name, value);
  const [scheme = ""] = SCHEME.exec(value) ?? [];
  return `${scheme}***`;
}

/** What of an authorization's value is secret. */
export function withoutScheme(value: string): string {
  return value.replace(SCHEME, "");
}
