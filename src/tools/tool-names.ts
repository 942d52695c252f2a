import { createHash } from "node:crypto";

/** An operation that is to be named as a tool. */
interface NamedOperation {
  /** Name of the capability. */
  readonly capability: string;
  /** Shortest text that names the operation within it. */
  readonly reference: string;
}

/** Longest name of a tool. Some clients refuse longer ones. */
export const LONGEST_NAME = 64;
const HASH_LENGTH = 8;

/**
 * Names tools: `^[A-Za-z0-9_-]{1,64}$`, each once, without regard to case. A name follows from the reference of the
 * operation, so that it stays when other operations come and go. Where several capabilities have the same one, each has
 * that of its capability in front.
 */
export function toolNames(operations: readonly NamedOperation[]): string[] {
  const short = operations.map(operation => nameOf(operation.reference, operation));
  const prefixed = replaceShared(short, index => {
    const operation = operations[index] as NamedOperation;
    return nameOf(`${operation.capability}_${operation.reference}`, operation);
  });
  const hashed = replaceShared(prefixed, index => withHash(prefixed[index] ?? "", operations[index] as NamedOperation));
  return withoutRepetition(hashed);
}

/** Returns the names with a hash that the tool of an operation may have. */
export function hashedNames(operation: NamedOperation): string[] {
  const { capability, reference } = operation;
  return [reference, `${capability}_${reference}`].map(text => withHash(cleaned(text), operation));
}

/** Replaces the names that more than one has. */
function replaceShared(names: readonly string[], replace: (index: number) => string): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return names.map((name, index) => (counts.get(name.toLowerCase()) === 1 ? name : replace(index)));
}

/** Counts the operations that one capability has twice. */
function withoutRepetition(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map(name => {
    let own = name;
    for (let count = 2; used.has(own.toLowerCase()); count++) own = `${name.slice(0, LONGEST_NAME - 6)}_${count}`;
    used.add(own.toLowerCase());
    return own;
  });
}

/** Returns a text in the characters of names. One that is too long, or has other letters, ends with a hash. */
function nameOf(text: string, operation: NamedOperation): string {
  const name = cleaned(text);
  const isKept = name !== "" && name.length <= LONGEST_NAME && !/\p{L}/u.test(text.replace(/[A-Za-z]/g, ""));
  return isKept ? name : withHash(name, operation);
}

function cleaned(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "");
}

function withHash(name: string, { capability, reference }: NamedOperation): string {
  const hash = createHash("sha256").update(`${capability}\0${reference}`).digest("hex").slice(0, HASH_LENGTH);
  const start = name.slice(0, LONGEST_NAME - HASH_LENGTH - 1).replace(/_+$/, "");
  return start === "" ? hash : `${start}_${hash}`;
}
