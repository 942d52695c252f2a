import { membersOf, mergePatch } from "../members.ts";
import { ok, type SandboxAnswer } from "../messages.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Visit } from "../visit.ts";
import { answerList } from "./list.ts";

/** Answers for a single object, such as `/instance`, which exists from the start. */
export function answerDocument(visit: Visit): SandboxAnswer {
  const { method, resources, endpoint, values, body } = visit;
  resources.owner(endpoint.parts, values);
  const place = resources.place(endpoint.parts, values);
  const key = keyOf(place.path);
  switch (method) {
    case "PUT":
      return ok(resources.replaceDocument(place, membersOf(body)));
    case "PATCH":
    case "POST":
      return ok(resources.replaceDocument(place, mergePatch(resources.document(place), membersOf(body))));
    case "DELETE": {
      const { id } = resources.document(place);
      resources.store.removeDocument(key);
      return ok({ id, deleted: true });
    }
    default: {
      // A path that is only read does not show its shape. A seeded list does, and so may its name.
      const isList = endpoint.listLike || resources.store.items(key).size > 0;
      return isList && resources.store.document(key) === undefined
        ? answerList(visit, place)
        : ok(resources.document(place));
    }
  }
}
