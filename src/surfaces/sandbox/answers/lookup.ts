import { type JsonObject, member } from "../../../base/json-object.ts";
import { ApiError, badRequest, quote } from "../api-error.ts";
import { membersOf, plainText } from "../members.ts";
import { ok, type SandboxAnswer } from "../messages.ts";
import { actionEffect, LOOKUP_WORDS } from "../routing/action-words.ts";
import { keyOf } from "../routing/resource-path.ts";
import { idText, type Place } from "../state/resources.ts";
import type { Visit } from "../visit.ts";

/** Names of body members that identify an item, alone or as an ending: `secret`, `user_id`, `tokenId`, `ids`. */
const NAMING_MEMBER = /(?:^|[_-])(?:id|key|token|secret|code|value)s?$|[a-z](?:Id|ID|Key|Token|Secret|Code)s?$/;

/** Limit of values to compare. Comparing costs items times values. */
const MOST_NAMED = 100;

/** Acts on the item that a member of the body names, as `POST /api_keys/verify` does. Answers with the item. */
export function answerLookup(visit: Visit): SandboxAnswer {
  const { resources, endpoint, values, body } = visit;
  const place = resources.place(endpoint.parts, values, endpoint.parts.length - 1);
  const wanted = [...namingValues(membersOf(body))];
  if (wanted.length === 0) {
    throw badRequest('The body must say which item is meant: by "id", "secret", "token", "key" or the like');
  }
  if (wanted.length > MOST_NAMED) throw badRequest(`The body names more than ${MOST_NAMED} items`);
  const found: JsonObject[] = [];
  for (const item of resources.store.items(keyOf(place.path)).values()) {
    if (wanted.some(({ name, value }) => isNamedBy(visit, place, item, name, value))) found.push(item);
  }
  const [first] = found;
  if (first === undefined) {
    const collection = quote(`/${place.path.join("/")}`);
    const names = quote([...new Set(wanted.map(({ name }) => name))].join(", "));
    throw new ApiError(404, "not_found", `No item of ${collection} is the one that the body names by ${names}`);
  }
  const items = found.map(item => act(visit, place, item));
  return ok(items.length === 1 ? items[0] : { data: items, total_count: items.length });
}

function* namingValues(members: JsonObject): Generator<{ readonly name: string; readonly value: string }> {
  for (const [name, given] of Object.entries(members)) {
    if (!NAMING_MEMBER.test(name)) continue;
    for (const each of Array.isArray(given) ? given : [given]) {
      const value = plainText(each);
      if (value !== undefined && value !== "") yield { name, value };
    }
  }
}

function isNamedBy({ resources }: Visit, place: Place, item: JsonObject, name: string, value: string): boolean {
  return idText(item) === value || plainText(member(item, name)) === value || resources.secret(place, item) === value;
}

/** Applies the effect of the action. Looking at an item, as `verify` does, leaves it unchanged. */
function act({ resources, endpoint }: Visit, place: Place, item: JsonObject): JsonObject {
  const last = endpoint.parts.at(-1);
  const word = last?.kind === "name" ? last.text.toLowerCase() : "";
  const effect = LOOKUP_WORDS.has(word) ? undefined : actionEffect(word);
  return effect === undefined ? item : resources.merge(place, item, {}, effect);
}
