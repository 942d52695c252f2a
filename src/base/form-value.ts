import { getOrSet } from "./get-or-set.ts";

/** Returns the members of a form in pairs. A name that comes several times has a list. */
export function formValue(text: string): Readonly<Record<string, unknown>> {
  const members = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) getOrSet(members, name, () => []).push(value);
  return Object.fromEntries(Array.from(members, ([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
