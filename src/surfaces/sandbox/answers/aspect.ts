import { type JsonObject, member } from "../../../base/json-object.ts";
import { membersOf } from "../members.ts";
import { ok, type SandboxAnswer } from "../messages.ts";
import { actionEffect } from "../routing/action-words.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { OwnedItem } from "../state/resources.ts";
import type { Visit } from "../visit.ts";
import { answerList } from "./list.ts";

/**
 * Answers for a path below an item. POST, PUT and PATCH act on the item and answer with it. GET shows the member or
 * resource that the last word names. DELETE undoes the action.
 */
export function answerAspect(visit: Visit): SandboxAnswer {
  const { resources, endpoint, values, method } = visit;
  const { parts } = endpoint;
  const owner = resources.owner(parts, values);
  const last = parts.at(-1);
  if (last?.kind !== "name" || owner === undefined) throw new TypeError("An aspect must stand below an item");
  const { collection, item } = owner;
  switch (method) {
    case "POST":
    case "PUT":
    case "PATCH":
      return ok(resources.merge(collection, item, membersOf(visit.body), actionEffect(last.text)));
    case "DELETE":
      return ok(undo(visit, owner, last.text));
    default:
      return view(visit, owner, last.text);
  }
}

function undo({ resources }: Visit, { collection, item }: OwnedItem, word: string): JsonObject {
  const effect = actionEffect(word);
  if (effect !== undefined) return resources.merge(collection, item, {}, { ...effect, value: !effect.value });
  if (member(item, word) !== undefined) resources.merge(collection, item, { [word]: null });
  return { id: item.id, deleted: true };
}

function view(visit: Visit, { collection, item }: OwnedItem, word: string): SandboxAnswer {
  const { resources, endpoint, values } = visit;
  const place = resources.place(endpoint.parts, values);
  const document = resources.store.document(keyOf(place.path));
  if (document !== undefined) return ok(document);
  if (resources.store.items(keyOf(place.path)).size > 0) return answerList(visit, place);
  const value = member(item, word);
  if (value !== undefined) return ok({ [word]: value });
  if (word === "secret") return ok({ secret: resources.secret(collection, item) });
  return endpoint.listLike ? answerList(visit, place) : ok({ id: item.id });
}
