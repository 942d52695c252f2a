import { type JsonObject, member } from "../../../base/json-object.ts";
import type { Operation } from "../../../language/model/types.ts";
import { badRequest, quote } from "../api-error.ts";
import { plainText } from "../members.ts";
import { ok, type SandboxAnswer } from "../messages.ts";
import { PAGING_INPUTS, SIZE_INPUTS } from "../routing/paging-inputs.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Place } from "../state/resources.ts";
import type { Visit } from "../visit.ts";

/** Answers with the items of a collection that the query asks for. */
export function answerList({ resources, operation, query }: Visit, { path }: Place): SandboxAnswer {
  const items = [...resources.store.items(keyOf(path)).values()];
  return ok(pageOf(filterItems(items, operation, query), query));
}

/** A list in an answer of the sandbox. */
interface ItemList {
  readonly data: readonly unknown[];
  /** Number of items on all pages. */
  readonly total_count: number;
}

const DEFAULT_LIMIT = 100;

/** A larger `limit` is lowered to this, as most APIs do. */
const HIGHEST_LIMIT = 500;

/**
 * Returns the part of a list that a query asks for: by `limit` and `offset`, or by `page`, counted from 1, and its size.
 *
 * @throws ApiError 400 for a value that is not an integer or is too low
 */
function pageOf(items: readonly unknown[], query: URLSearchParams): ItemList {
  const sizeInput = SIZE_INPUTS.find(name => query.has(name));
  const limit = Math.min(sizeInput === undefined ? DEFAULT_LIMIT : count(query, sizeInput, 1), HIGHEST_LIMIT);
  const page = query.get("page") ?? "";
  // A `page` that is not a number is a cursor of some API. The sandbox gives no cursors, so this one is made up.
  const start = query.has("offset")
    ? count(query, "offset", 0)
    : /^[1-9]\d*$/.test(page)
      ? (Number(page) - 1) * limit
      : 0;
  return { data: items.slice(start, start + limit), total_count: items.length };
}

function count(query: URLSearchParams, name: string, lowest: number): number {
  const text = query.get(name) ?? "";
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest) return value;
  throw badRequest(`Query parameter ${quote(name)} must be an integer from ${lowest} on, found ${quote(text)}`);
}

/**
 * Returns the items that a query asks for. Each declared query input filters by the member of its name, if some item has
 * that member. Only the real API knows what other inputs mean.
 */
export function filterItems(
  items: readonly JsonObject[],
  operation: Operation,
  query: URLSearchParams,
): readonly JsonObject[] {
  let left = items;
  for (const { name, in: location } of operation.parameters) {
    if (location !== "query" || PAGING_INPUTS.has(name) || !query.has(name)) continue;
    if (!items.some(item => plainText(member(item, name)) !== undefined)) continue;
    const wanted = new Set(query.getAll(name));
    left = left.filter(item => wanted.has(plainText(member(item, name)) ?? ""));
  }
  return left;
}
