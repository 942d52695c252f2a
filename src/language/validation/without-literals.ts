import type { Diagnostic } from "../../base/capability-error.ts";
import { isJsonObject, member } from "../../base/json-object.ts";
import { SecretMask } from "../../base/mask-secrets.ts";
import { literalCredentials, referenceTest } from "./literal-credentials.ts";
import { writtenParts } from "./written-parts.ts";

/**
 * Masks the credentials that a document holds itself in findings about it: in their lines, of which columns stay, and in
 * their messages.
 *
 * @param value the document as it was read
 */
export function withoutLiterals<Found extends Diagnostic>(findings: readonly Found[], value: unknown): Found[] {
  if (findings.length === 0) return [];
  const secrets = literalSecrets(value);
  if (secrets.size === 0) return [...findings];
  const mask = new SecretMask();
  for (const secret of secrets) mask.add(secret);
  return findings.map(found => {
    const message = mask.text(found.message);
    const { source } = found;
    if (source === undefined) return { ...found, message };
    return { ...found, message, source: { ...source, text: mask.text(maskInPlace(source.text, secrets)) } };
  });
}

/**
 * Returns the credentials that a document holds itself. The name of a variable, which refers to it without braces too,
 * is none.
 *
 * @param value the document as it was read
 */
export function literalSecrets(value: unknown): ReadonlySet<string> {
  const isReference = referenceTest(new Set(variablesOf(value)));
  const literals = literalCredentials(value).map(({ secret }) => secret);
  return new Set(literals.filter(secret => !isReference(secret)));
}

/** Writes as many asterisks as a secret has characters. */
function maskInPlace(line: string, secrets: ReadonlySet<string>): string {
  let masked = line;
  for (const secret of secrets) masked = masked.replaceAll(secret, "*".repeat(secret.length));
  return masked;
}

function variablesOf(value: unknown): string[] {
  if (!isJsonObject(value)) return [];
  return Array.from(writtenParts(value)).flatMap(({ kind, part }) => {
    const keys = kind === "bind" ? member(part, "keys") : undefined;
    return isJsonObject(keys) ? Object.keys(keys) : [];
  });
}
