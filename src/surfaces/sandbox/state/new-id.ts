import { randomBytes } from "node:crypto";

/** Creates an id such as `ak_3f9c2e…` for an item of `/api_keys`: a hint of the collection, then 96 random bits. */
export function randomId(collection: string): string {
  return `${idPrefix(collection)}_${randomBytes(12).toString("hex")}`;
}

const LONGEST_PREFIX = 4;

/** Returns the initials of several words, or the beginning of one. */
function idPrefix(collection: string): string {
  const name = collection.slice(collection.lastIndexOf("/") + 1).replace(/([a-z])([A-Z])/g, "$1 $2");
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== "");
  const [first = "item"] = words;
  if (words.length > 1)
    return words
      .map(word => word[0])
      .join("")
      .slice(0, LONGEST_PREFIX);
  return first.replace(/(?<=..)s$/, "").slice(0, LONGEST_PREFIX);
}
