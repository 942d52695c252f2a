import { createHash } from "node:crypto";

/** Longest name of a tool. Some clients refuse longer ones. */
const LONGEST_NAME = 64;

/** Returns a name that every client takes: a longer one ends with a hash of it. */
export function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}_${hash}`;
}
