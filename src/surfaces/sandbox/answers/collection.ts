import { type JsonObject, member } from "../../../base/json-object.ts";
import { membersOf, plainText } from "../members.ts";
import { created, ok, type SandboxAnswer } from "../messages.ts";
import { keyOf } from "../routing/resource-path.ts";
import type { Place } from "../state/resources.ts";
import type { Visit } from "../visit.ts";
import { answerList } from "./list.ts";

/** Answers for a collection. GET lists, POST creates, PUT and PATCH create or change what they name, DELETE clears. */
export function answerCollection(visit: Visit): SandboxAnswer {
  const { resources, endpoint, values, body } = visit;
  const place = resources.place(endpoint.parts, values);
  switch (visit.method) {
    case "POST":
      return created(each(body, members => resources.add(place, members)));
    case "PUT":
    case "PATCH":
      return ok(each(body, members => upsert(visit, place, members)));
    case "DELETE": {
      const { size } = resources.store.items(keyOf(place.path));
      resources.store.clear(keyOf(place.path));
      return ok({ deleted: true, total_count: size });
    }
    default:
      return answerList(visit, place);
  }
}

/** Handles the object of a body, or each element of an array. */
function each(body: unknown, handle: (members: JsonObject) => JsonObject): unknown {
  if (!Array.isArray(body)) return handle(membersOf(body));
  const data = body.map(element => handle(membersOf(element)));
  return { data, total_count: data.length };
}

function upsert({ method, resources }: Visit, place: Place, members: JsonObject): JsonObject {
  const item = resources.store.items(keyOf(place.path)).get(plainText(member(members, "id")) ?? "");
  if (item === undefined) return resources.add(place, members);
  return method === "PUT" ? resources.replace(place, item, members) : resources.merge(place, item, members);
}
