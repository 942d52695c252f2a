import { didYouMean, suggest } from "../base/did-you-mean.ts";
import { isJsonObject, type JsonObject, member, objectOf, objectsOf } from "../base/json-object.ts";
import { definitionName } from "../language/document/named-schemas.ts";
import type { Input } from "../language/model/types.ts";
import { type Arguments, readStructure } from "./arguments.ts";

/**
 * Says where something belongs that is no argument, as the end of a sentence. Models leave the name of the body out, or
 * put an object around all arguments.
 */
export function placeOf(name: string, value: unknown, declared: Arguments): string {
  const names = [...declared.keys()];
  const around = objectOf(readStructure(value, "{"));
  const inside = Object.keys(around).find(inner => declared.has(inner));
  if (inside !== undefined) return `; ${JSON.stringify(inside)} inside of it is an argument itself`;
  const holder = names.find(other => mayHold(declared.get(other), name));
  if (holder !== undefined) return `; it is a member of ${JSON.stringify(holder)}, which is an object`;
  const near = suggest(name, names);
  if (near.length > 0) return didYouMean(near);
  const [body] = names.filter(other => isFreeBody(declared.get(other)));
  return body === undefined ? "" : `; members of the body are given in the object ${JSON.stringify(body)}`;
}

function mayHold(input: Input | undefined, name: string): boolean {
  return input?.type === "object" && (input.schemas ?? []).some(schema => hasMember(schema, name));
}

/** Tells whether a schema declares a member of objects. */
function hasMember(root: unknown, name: string): boolean {
  const seen = new Set<unknown>([root]);
  for (const schema of seen) {
    if (!isJsonObject(schema)) continue;
    if (Object.hasOwn(objectOf(member(schema, "properties")), name)) return true;
    for (const keyword of ["allOf", "anyOf", "oneOf"])
      for (const inner of objectsOf(member(schema, keyword))) seen.add(inner);
    seen.add(referred(schema, root));
  }
  return false;
}

/** Returns the definition that a schema refers to. */
function referred(schema: JsonObject, root: unknown): unknown {
  const reference = member(schema, "$ref");
  const name = typeof reference === "string" ? definitionName(reference) : undefined;
  return name === undefined ? undefined : member(objectOf(member(objectOf(root), "$defs")), name);
}

/** Tells whether an input is a whole body of which the file does not say what is in it. */
function isFreeBody(input: Input | undefined): boolean {
  return input?.type === "object" && input.in === "body" && input.name === "body" && (input.schemas ?? []).length === 0;
}
