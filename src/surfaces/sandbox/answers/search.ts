import { type Answer, ok } from "../messages.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Visit } from "../visit.ts";
import { answerList, filterItems } from "./list.ts";

/** `/users/search` and the like: the items of the collection above. What a body asks for only the real API knows. */
export function answerSearch(visit: Visit): Answer {
  return answerList(visit, above(visit));
}

/** `/users/count`: how many items of the collection above the query asks for. */
export function answerCount(visit: Visit): Answer {
  const items = [...visit.resources.store.items(keyOf(above(visit).path)).values()];
  const count = filterItems(items, visit.operation, visit.query).length;
  return ok({ count, total_count: count });
}

function above({ resources, endpoint, values }: Visit): ReturnType<Visit["resources"]["place"]> {
  return resources.place(endpoint.parts, values, endpoint.parts.length - 1);
}
