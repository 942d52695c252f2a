import type { SecretName } from "../../../base/secret-words.ts";

/** The functions that the readers of a text use to redact it. */
export interface Redaction {
  /** Returns the meaning of a name. */
  meaning(name: string): SecretName;
  /** Remembers a redacted value: an API may repeat it elsewhere. */
  learn(name: string | undefined, value: string): void;
  /**
   * Redacts a text inside another one, such as JSON in a string.
   *
   * @param name name of its member, which may tell a known secret that is too short to be masked elsewhere
   */
  nested(text: string, name?: string): string;
}

/** Members with the name of a pair: `{ "name": "password", "value": … }`. */
const PAIR_NAMES = new Set([
  ..."name key field id label header param parameter property attribute variable"
    .split(" ")
    .flatMap(name => [name, `${name}name`, `${name}id`]),
  ..."k n httpequiv code slug".split(" "),
]);

/** Members with the value of a pair. */
const PAIR_VALUES = new Set("v val content contents data text default current secret string".split(" "));

type PairPart = "name" | "value" | "none";

/** Limit of remembered names. Bodies repeat their names. */
const MOST_KNOWN = 2_000;
const known = new Map<string, PairPart>();

/** Returns whether a member names another one of the same object. */
export function isPairName(name: string): boolean {
  return pairPart(name) === "name";
}

/** Returns whether a member has the value for a name beside it. */
export function isPairValue(name: string): boolean {
  return pairPart(name) === "value";
}

function pairPart(name: string): PairPart {
  let part = known.get(name);
  if (part !== undefined) return part;
  const word = name.length > 40 ? "" : name.toLowerCase().replace(/[-_:.\s]/g, "");
  const isValue = PAIR_VALUES.has(word) || /values?$/.test(word);
  part = isValue ? "value" : PAIR_NAMES.has(word) ? "name" : "none";
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, part);
  return part;
}
