import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";
import { names, pathStep, plainName } from "./names.ts";
import type { PageAnswer } from "./page.ts";
import { CONTAINERS } from "./paging-fields.ts";

/** A list in a body and its path. */
export interface FoundItems {
  readonly path: string;
  readonly list: readonly unknown[];
}

/** Usual names for the items of a page. */
const ITEM_LISTS: ReadonlySet<string> = names(
  "data items results result records values value entries elements content objects rows resources nodes hits list matches",
);

/** Names of lists beside the items. */
const OTHER_LISTS: ReadonlySet<string> = names("links errors warnings notices included facets");

/**
 * Finds the items of a page: the body itself, the only list in it, or the only one with a usual name, else such a list
 * in an object of the body. Returns `undefined` if there are several candidates.
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

/**
 * Returns the items of a page for the caller. The declared outputs come before the items of the body.
 *
 * @param own the items of the body
 * @param areDescribed whether the pagination describes the items
 */
export function itemsOfPage(
  { outputs: declared }: Pick<Operation, "outputs">,
  { outputs, body }: PageAnswer,
  own: readonly unknown[] | undefined,
  areDescribed: boolean,
): readonly unknown[] | undefined {
  if (areDescribed || declared === undefined) return own;
  const [output, ...others] = declared;
  if (output === undefined || others.length > 0 || !isJsonObject(outputs)) return undefined;
  const value = member(outputs, output.name);
  if (Array.isArray(value)) return value;
  if (value === body) return own;
  // A page without the list, among others that have it.
  return output.type === "array" && (value === null || value === undefined) ? [] : undefined;
}
