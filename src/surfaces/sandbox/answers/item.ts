import { itemNotFound } from "../api-error.ts";
import { membersOf } from "../members.ts";
import { created, ok, type SandboxAnswer } from "../messages.ts";
import { fillParts } from "../routing/resource-path.ts";
import type { Visit } from "../visit.ts";

/**
 * Answers for one item. GET reads, PATCH and POST merge, PUT replaces or creates, DELETE removes it and everything below.
 * POST creates if no other method can.
 */
export function answerItem({ method, resources, endpoint: { parts }, values, body }: Visit): SandboxAnswer {
  const place = resources.place(parts, values, parts.length - 1);
  const own = parts.at(-1);
  if (own?.kind !== "value") throw new TypeError("The path of an item must end with a placeholder");
  const text = fillParts(parts, values).at(-1) ?? "";
  const item = resources.find(place.path, own, text);
  if (item === undefined) {
    if (method !== "PUT" && !(method === "POST" && resources.map.postCreates(place.shape))) {
      throw itemNotFound(place.path, text);
    }
    return created(resources.add(place, { ...membersOf(body), id: resources.idFrom(place, text) }));
  }
  switch (method) {
    case "PUT":
      return ok(resources.replace(place, item, membersOf(body)));
    case "PATCH":
    case "POST":
      return ok(resources.merge(place, item, membersOf(body)));
    case "DELETE":
      resources.remove(place, item);
      return ok({ id: item.id, deleted: true });
    default:
      return ok(item);
  }
}
