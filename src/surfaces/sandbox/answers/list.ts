import { type Answer, ok } from "../exchange.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Place } from "../state/resources.ts";
import type { Visit } from "../visit.ts";
import { filterItems, pageOf } from "./page.ts";

/** Answers the items of a collection that the query asks for. */
export function answerList({ resources, operation, query }: Visit, { path }: Place): Answer {
  const items = [...resources.store.items(keyOf(path)).values()];
  return ok(pageOf(filterItems(items, operation, query), query));
}
