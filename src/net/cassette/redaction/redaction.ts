import type { SecretName } from "../../../base/secret-name.ts";

/** What the readers of a text ask while they redact it. */
export interface Redaction {
  /** What a name means. */
  meaning(name: string): SecretName;
  /** Remembers a value that was not kept: an API may repeat it elsewhere. */
  learn(name: string | undefined, value: string): void;
  /**
   * A text that stands inside of another one, such as JSON in a string, without what is not to be kept.
   *
   * @param name that of its member, which may tell a known secret that is too short to be known elsewhere
   */
  nested(text: string, name?: string): string;
}

/** Names of members that hold the name of a pair: `{ "name": "password", "value": … }`. */
const PAIR_NAMES = new Set(
  [
    "name",
    "key",
    "field",
    "id",
    "label",
    "header",
    "param",
    "parameter",
    "property",
    "attribute",
    "variable",
  ].flatMap(name => [name, `${name}name`, `${name}id`]),
);
for (const name of ["k", "n", "httpequiv", "code", "slug"]) PAIR_NAMES.add(name);

/** Names of members that hold the value of a pair. */
const PAIR_VALUES = new Set([
  "v",
  "val",
  "content",
  "contents",
  "data",
  "text",
  "default",
  "current",
  "secret",
  "string",
]);

type PairPart = "name" | "value" | "none";

/** Bodies repeat their names. */
const MOST_KNOWN = 2_000;
const known = new Map<string, PairPart>();

/** Tells whether a member says what another one of the same object is. */
export function isPairName(name: string): boolean {
  return pairPart(name) === "name";
}

/** Tells whether a member is what the name beside it says. */
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
