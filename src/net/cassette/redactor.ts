import { SecretMask } from "../../base/mask-secrets.ts";
import { MASK } from "../../base/masking/mask.ts";
import { maskField } from "../../base/masking/mask-field.ts";
import { type SecretName, secretName } from "../../base/secret-name.ts";
import { createTextRedaction } from "./redaction/redact-text.ts";

/** Takes out of texts what is not to be kept: by what its name means, by its shape, and by its value where that is known. */
export interface Redactor {
  /** A URL: the values of its query's secret names, its password, and secrets. */
  url(url: string): string;
  /** A header field's value. */
  header(name: string, value: string): string;
  /** Any other text, such as a body. What a text is is seen by itself; a content type helps where it cannot be. */
  text(text: string, contentType?: string): string;
}

/** Shorter values are not looked for elsewhere: they may be there by chance. */
const SHORTEST_LEARNED = 8;
/** More values than an exchange has; a file of passwords must not become a list of everything to look for. */
const MOST_LEARNED = 500;
const LONGEST_LEARNED = 10_000;

/**
 * The value of what is always redacted is a credential: from then on it is masked wherever an API repeats it.
 *
 * @param fields names besides those that `secretName` knows; case, `-` and `_` do not count
 * @param maskKnown replaces secrets that are known by their value
 */
export function createRedactor(fields: readonly string[], maskKnown: (text: string) => string): Redactor {
  const own = new Set(fields.map(normalise));
  const learned = new SecretMask();
  /** Not looked for before a text is read to its end: what looks for them is made anew with each. */
  const found = new Set<string>();

  function meaning(name: string): SecretName {
    return own.size > 0 && own.has(normalise(name)) ? "secret" : secretName(name);
  }

  function learn(name: string | undefined, value: string): void {
    const text = value.trim().replace(/^(?:Bearer|Basic|Token) /i, "");
    // Names of one's own are of anything: a value of theirs may be a word that occurs everywhere.
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
    // What another part of a text has taught holds for all of it.
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
