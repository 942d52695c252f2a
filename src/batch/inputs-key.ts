import { hash } from "node:crypto";
import { isJsonObject, isObject } from "../base/json-object.ts";
import { stringify } from "../base/numbers/exact-json.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";

/** Characters of a key: 132 bits. */
const LENGTH = 22;

/**
 * Returns the key of a row that has no other: a hash of what is called with what. Equal inputs have equal keys, in
 * whatever order they are given.
 *
 * @param operation reference of the operation
 */
export function inputsKey(operation: string, inputs: Inputs): string {
  const text = `${operation}\n${stringify(sorted(inputs))}`;
  return hash("sha256", text, "base64url").slice(0, LENGTH);
}

/** Returns a value with the members of its objects in the order of their names; the same one where they are in it. */
function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (!isJsonObject(value)) return (value as unknown as readonly unknown[]).map(sorted);
  const names = Object.keys(value);
  if (isSorted(names) && !names.some(name => isObject(value[name]))) return value;
  return Object.fromEntries(names.sort().map(name => [name, sorted(value[name])]));
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? "") < name);
}
