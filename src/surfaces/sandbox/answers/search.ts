import { ok, type SandboxAnswer } from "../messages.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Visit } from "../visit.ts";
import { answerList, filterItems } from "./list.ts";

/** Answers `/users/search` and the like with the items of the collection above. Criteria in a body are ignored. */
export function answerSearch(visit: Visit): SandboxAnswer {
  return answerList(visit, above(visit));
}

/** Answers `/users/count` with the number of items of the collection above that the query asks for. */
export function answerCount(visit: Visit): SandboxAnswer {
  const items = [...visit.resources.store.items(keyOf(above(visit).path)).values()];
  const count = filterItems(items, visit.operation, visit.query).length;
  return ok({ count, total_count: count });
}

function above({ resources, endpoint, values }: Visit): ReturnType<Visit["resources"]["place"]> {
  return resources.place(endpoint.parts, values, endpoint.parts.length - 1);
}
