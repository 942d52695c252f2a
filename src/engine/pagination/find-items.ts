import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { names, pathStep, plainName } from "./names.ts";
import { CONTAINERS } from "./paging-fields.ts";

/** A list in a body, with its path. */
export interface FoundItems {
  readonly path: string;
  readonly list: readonly unknown[];
}

/** Names under which APIs put the items of a page. */
const ITEM_LISTS: ReadonlySet<string> = names(
  "data items results result records values value entries elements content objects rows resources nodes hits list matches",
);

/** Lists that stand beside the items. */
const OTHER_LISTS: ReadonlySet<string> = names("links errors warnings notices included facets");

/**
 * Finds the items of a page: the body itself, the only list in it, or the only one with a usual name; else such a list
 * in an object of the body. Nothing where several might be meant.
 */
export function findItems(body: unknown): FoundItems | undefined {
  if (Array.isArray(body)) return { path: "$", list: body };
  if (!isJsonObject(body)) return undefined;
  const own = listIn(body, "$");
  if (own !== undefined || hasLists(body)) return own;
  const wrapped = Object.entries(body).flatMap(([name, value]) => {
    if (!isJsonObject(value) || CONTAINERS.has(plainName(name))) return [];
    return listIn(value, `$${pathStep(name)}`) ?? [];
  });
  return wrapped.length === 1 ? wrapped[0] : undefined;
}

function listIn(object: JsonObject, path: string): FoundItems | undefined {
  const lists = listsOf(object);
  const named = lists.filter(([name]) => ITEM_LISTS.has(plainName(name)));
  const [found, ...others] = named.length > 0 ? named : lists;
  if (found === undefined || others.length > 0) return undefined;
  return { path: `${path}${pathStep(found[0])}`, list: found[1] };
}

function hasLists(object: JsonObject): boolean {
  return listsOf(object).length > 0;
}

function listsOf(object: JsonObject): (readonly [string, readonly unknown[]])[] {
  return Object.entries(object).flatMap(([name, value]) =>
    Array.isArray(value) && !OTHER_LISTS.has(plainName(name)) ? [[name, value] as const] : [],
  );
}
