import { SecretMask } from "../../base/mask-secrets.ts";
import { MASK } from "../../base/masking/mask.ts";
import { maskField } from "../../base/masking/mask-field.ts";
import { secretName } from "../../base/secret-name.ts";
import type { SecretName } from "../../base/secret-words.ts";
import { createTextRedaction } from "./redaction/redact-text.ts";

/** A redactor of secrets in texts, found by the meaning of their names, by their shape, and by their known values. */
export interface Redactor {
  /** Redacts a URL: secret parameters, its password, and known secrets. */
  url(url: string): string;
  /** Redacts the value of a header field. */
  header(name: string, value: string): string;
  /** Redacts any other text, such as a body. Its form is detected, with the help of its content type. */
  text(text: string, contentType?: string): string;
}

/** Shortest value that is looked for elsewhere. Shorter ones may be there by chance. */
const SHORTEST_LEARNED = 8;
/** Limit of learned values, above that of any exchange: a file of passwords must not become a list of searches. */
const MOST_LEARNED = 500;
const LONGEST_LEARNED = 10_000;

/**
 * Creates a redactor. The value of a secret name is a credential: it is then masked wherever an API repeats it.
 *
 * @param fields names besides those that `secretName` knows; case, `-` and `_` do not count
 * @param maskKnown replaces known secrets
 */
export function createRedactor(fields: readonly string[], maskKnown: (text: string) => string): Redactor {
  const own = new Set(fields.map(normalise));
  const learned = new SecretMask();
  /** The values of `learned`. */
  const found = new Set<string>();

  function meaning(name: string): SecretName {
    return own.size > 0 && own.has(normalise(name)) ? "secret" : secretName(name);
  }

  function learn(name: string | undefined, value: string): void {
    const text = value.trim().replace(/^(?:Bearer|Basic|Token) /i, "");
    // The caller's own names may be for any value, such as a common word.
    if (
      (name !== undefined && secretName(name) === undefined) ||
      text.length < SHORTEST_LEARNED ||
      text.length > LONGEST_LEARNED
    )
      return;
    if (found.size >= MOST_LEARNED || found.has(text)) return;
    found.add(text);
    learned.add(text);
  }

  const mask = (text: string) => learned.text(maskKnown(text));
  const { text, url } = createTextRedaction({ meaning, learn }, maskKnown);

  return {
    // A secret that a later part of a text names is masked in all of it.
    text: (body, contentType) => mask(text(body, contentType)),
    url: address => mask(url(address)),
    header(name, value) {
      if (meaning(name) === undefined) return maskField(name, text(value), mask);
      learn(name, value);
      return MASK;
    },
  };
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}
