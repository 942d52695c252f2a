import { ACTION_WORDS, type Action, requestAction } from "./actions.ts";
import { STOP_WORDS } from "./stop-words.ts";
import type { Field } from "./weights.ts";
import { joinedName, wordsOf } from "./words.ts";

/** Texts of an operation that is searched for. */
export interface SearchedOperation {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly method: string;
  readonly path: string;
  readonly resource: string;
  /** Names of the inputs. */
  readonly inputs: readonly string[];
}

/** Texts of the capability of an operation. */
export interface SearchedCapability {
  readonly name: string;
  readonly label: string;
  readonly tags: readonly string[];
  readonly baseUri: string;
}

/** Longest part of a description that is searched. Its first sentences say what an operation does. */
const LONGEST_DESCRIPTION = 400;
const MOST_INPUTS = 40;

/** Returns the words of the texts that write them apart. They tell how names are read that write them together. */
export function clearWords({ label, description, path }: SearchedOperation): string[] {
  return [...wordsOf(label), ...descriptionWords(description), ...wordsOf(withoutPlaceholders(path))];
}

/** Returns the words of an operation by where they stand. A name that is written together is split by `split`. */
export function operationWords(
  operation: SearchedOperation,
  capability: CapabilityWords,
  split: (word: string) => readonly string[],
): Record<Field, readonly string[]> {
  const name = wordsOf(operation.name).flatMap(split);
  const path = wordsOf(withoutPlaceholders(operation.path)).filter(word => !/^(?:v\d+|api|json|rest)$/.test(word));
  return {
    ...capability,
    name: withPairs(name),
    label: withPairs(wordsOf(operation.label)),
    description: withPairs(descriptionWords(operation.description)).filter(word => !STOP_WORDS.has(word)),
    path: withPairs(path.flatMap(split)),
    placeholders: (operation.path.match(/\{[^{}]*\}/g) ?? []).flatMap(wordsOf),
    resource: wordsOf(operation.resource).flatMap(split),
    inputs: operation.inputs.slice(0, MOST_INPUTS).flatMap(wordsOf),
    action: [
      ...actionsOf(operation, name).map(action => `@${action}`),
      ...(operation.method.toUpperCase() === "POST" ? ["@post"] : []),
    ],
  };
}

type CapabilityWords = Pick<Record<Field, readonly string[]>, "capability" | "capabilityLabel" | "tags" | "product">;

/** Returns the words of a capability, which each of its operations has. */
export function capabilityWords(capability: SearchedCapability): CapabilityWords {
  return {
    capability: wordsOf(capability.name),
    capabilityLabel: proseWords(capability.label),
    tags: capability.tags.flatMap(proseWords),
    product: productsOf(capability).flatMap(word => [word, productStem(word)]),
  };
}

/** Returns the stem that operations of a product alone have. */
export function productStem(word: string): string {
  return `#${word}`;
}

/** Returns the words that tell whose API it is: those of its host, the first of its label, its first tag. */
function productsOf({ label, tags, baseUri }: SearchedCapability): string[] {
  const [, host = ""] = /^\w+:\/\/([^/?#:]*)/.exec(baseUri) ?? [];
  const words = wordsOf(host.replace(/\.\w+$/, "").replace(/\{[^}]*\}/g, ""));
  const [first = ""] = label.trim().split(/[\s\p{P}]/u);
  words.push(joinedName(first), joinedName(tags[0] ?? ""));
  return [...new Set(words)].filter(
    word => word !== "" && !/^(?:api|www|com|co|localhost|rest|the|my|https?|v?\d+)$/.test(word),
  );
}

/** Returns the words of a sentence: names such as "GitHub" are one word too. */
function proseWords(text: string): string[] {
  const names = text.match(/\b(?:[A-Z][a-z]+){1,2}(?:[A-Z]{2}|[A-Z][a-z]+)\b/g) ?? [];
  return [...wordsOf(text), ...names.map(name => name.toLowerCase())];
}

function withoutPlaceholders(path: string): string {
  return path.replace(/\{[^{}]*\}/g, " ");
}

function descriptionWords(description: string): string[] {
  const text = description.slice(0, 2 * LONGEST_DESCRIPTION);
  return proseWords(
    text
      .replace(/<[^<>]*>?|&\w+;|https?:\S+/g, " ")
      .replace(/\]\([^()]*\)/g, " ")
      .slice(0, LONGEST_DESCRIPTION),
  );
}

/** Words that are one, and are written apart as well. */
const PAIRS: ReadonlySet<string> = new Set(
  "signin signup signout login logout setup webhook checkin email lookup blocklist allowlist rollback dropdown upsert".split(
    " ",
  ),
);

/** Adds the words that are written apart, as one. */
export function withPairs(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const [index, word] of words.entries()) {
    result.push(word);
    const pair = word + (words[index + 1] ?? "");
    if (pair !== word && PAIRS.has(pair)) result.push(pair);
  }
  return result;
}

const ACTION_OF: ReadonlyMap<string, Action> = new Map(
  Object.entries(ACTION_WORDS).flatMap(([action, words]) => words.map(word => [word, action as Action] as const)),
);

/** Returns what an operation does: by its request, and by the first word of its name and description that says so. */
function actionsOf({ method, path, description }: SearchedOperation, name: readonly string[]): Action[] {
  const actions = new Set<Action>();
  const byRequest = requestAction(method, path);
  if (byRequest !== undefined) actions.add(byRequest);
  // A name that begins with the method says nothing more.
  for (const words of [name, descriptionWords(description.slice(0, 60)).slice(0, 3)]) {
    const first = words.find(word => ACTION_OF.has(word) && word !== method.toLowerCase());
    const said = first === undefined ? undefined : ACTION_OF.get(first);
    if (said !== undefined) actions.add(said);
  }
  return [...actions];
}
