import { isObject } from "../../base/json-object.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";

/** The numbers of documents that a double would change, by the object or list that holds them and their name in it. */
const written = new WeakMap<object, Map<string, unknown>>();
/** Whether there are any. Few documents have one, and large ones have a million values to ask for. */
let hasWritten = false;

/**
 * Replaces the numbers of a parsed document that a double would change by doubles, which is what schemas and settings are
 * about, and remembers them for {@link writtenMember}.
 *
 * @param value parsed in the form `written`; it is changed in place
 */
export function settleNumbers(value: unknown): unknown {
  const root = { value };
  const open: object[] = [root];
  const seen = new Set<object>(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const holder = next as Record<string, unknown>;
    // Not by Object.entries: every file is walked here, and few have such a number.
    for (const name in holder) {
      const member = holder[name];
      if (typeof member === "bigint" || member instanceof ExactNumber) {
        rememberNumber(holder, name, member);
        // No schema takes an infinite number.
        holder[name] = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(member)));
      } else if (isObject(member) && !seen.has(member)) {
        seen.add(member);
        open.push(member);
      }
    }
  }
  return root.value;
}

/** Remembers a number that stands in an object or a list as a double. */
function rememberNumber(holder: object, name: string, number: unknown): void {
  hasWritten = true;
  const members = written.get(holder) ?? new Map<string, unknown>();
  written.set(holder, members.set(name, number));
}

/** Remembers the numbers of an object for its copy. */
export function keepNumbers(from: unknown, copy: object): void {
  const members = isObject(from) ? written.get(from) : undefined;
  if (members !== undefined) written.set(copy, members);
}

/** Returns a member of a document in which every number has the digits that it has in the file. */
export function writtenValue(holder: object, name: string): unknown {
  const value = writtenMember(holder, name);
  if (!hasWritten) return value;
  if (Array.isArray(value)) return value.map((_, index) => writtenValue(value, String(index)));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map(member => [member, writtenValue(value, member)]));
}

/** Returns a member of a document, a number with the digits that it has in the file. */
export function writtenMember(holder: object, name: string): unknown {
  const member = (holder as Readonly<Record<string, unknown>>)[name];
  return hasWritten && typeof member === "number" ? (written.get(holder)?.get(name) ?? member) : member;
}
