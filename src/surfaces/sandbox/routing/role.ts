import { actionEffect, isPlural, LOOKUP_WORDS, SEARCH_WORDS } from "./action-words.ts";
import type { ResourceMap } from "./resource-map.ts";
import { type ResourcePart, shapeOf } from "./resource-path.ts";

/** The role of a path among the others of its namespace. It decides how the operations behave. */
export type Role =
  /** Items: GET lists, POST creates. */
  | "collection"
  /** One item. */
  | "item"
  /** A path below an item: an action by POST, PUT or PATCH, a view by GET. */
  | "aspect"
  /** An action on the item that the body names, such as `/api_keys/verify`. */
  | "lookup"
  /** Another way to the items of the collection above. */
  | "search"
  /** The number of items of the collection above. */
  | "count"
  /** A single object. */
  | "document";

/** Returns the role of a path. */

export function roleOf(parts: readonly ResourcePart[], map: ResourceMap): Role {
  const last = parts.at(-1);
  if (last?.kind === "value") return "item";
  const shape = shapeOf(parts);
  if (map.holdsItems(shape)) return "collection";
  const methods = map.methods(shape);
  const posts = methods.has("POST");
  if (last === undefined) return posts ? "collection" : "document";
  // Searching below an item, as Notion's `/databases/{id}/query` does, finds what the item holds.
  if (parts.length > 1 && SEARCH_WORDS.has(last.text.toLowerCase()) && onlyAsks(methods)) return "search";
  const above = parts.slice(0, -1);
  return above.at(-1)?.kind === "value"
    ? roleBelowItem(last.text, methods)
    : (roleBelowCollection(last.text, posts, above, map) ?? (posts ? "collection" : "document"));
}

function onlyAsks(methods: ReadonlySet<string>): boolean {
  return [...methods].every(method => method === "GET" || method === "HEAD" || method === "POST");
}

function roleBelowItem(word: string, methods: ReadonlySet<string>): Role {
  if (actionEffect(word) !== undefined) return "aspect";
  if (methods.has("POST")) return methods.has("GET") || isPlural(word) ? "collection" : "aspect";
  const writes = methods.has("PUT") || methods.has("PATCH");
  return writes && methods.has("GET") ? "document" : "aspect";
}

function roleBelowCollection(
  text: string,
  posts: boolean,
  above: readonly ResourcePart[],
  map: ResourceMap,
): Role | undefined {
  const shape = shapeOf(above);
  if (above.length === 0 || !(map.holdsItems(shape) || map.methods(shape).has("POST"))) return undefined;
  const word = text.toLowerCase();
  if (word === "count") return "count";
  return posts && (LOOKUP_WORDS.has(word) || actionEffect(word) !== undefined) ? "lookup" : undefined;
}

/** Returns whether an empty resource reads as a list: its inputs or its name say so, and no method writes an object. */
export function isListLike(parts: readonly ResourcePart[], map: ResourceMap): boolean {
  const shape = shapeOf(parts);
  const methods = map.methods(shape);
  if (methods.has("PUT") || methods.has("PATCH")) return false;
  const last = parts.at(-1);
  return map.isPaged(shape) || (last?.kind === "name" && isPlural(last.text));
}
