import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { isNumber } from "../../../base/numbers/json-number.ts";
import { ApiError } from "../api-error.ts";
import { nameParts, type ResourcePart, shapeOf } from "../routing/resource-path.ts";
import type { Place, Resources } from "./resources.ts";

/**
 * Loads data into the resources of each namespace. The seed is an object by path, as the file writes it below the base
 * URI, with actual values for placeholders:
 *
 *     { "/api_keys": [{ "id": "ak_1", "name": "ci" }], "/orgs/o1/members": [{ "id": "m1" }], "/instance": { "mode": "test" } }
 *
 * A list fills a collection: each item keeps its `id` and timestamps or gets new ones. An object is a document. A member
 * named like a namespace holds such an object for that namespace alone. Other members are for each namespace that has the
 * path. The first slash may be left out.
 *
 * @throws TypeError with the wrong member, and what was expected
 */
export function loadSeed(seed: unknown, namespaces: ReadonlyMap<string, Resources>): void {
  if (seed === undefined) return;
  if (!isJsonObject(seed)) throw wrong("Seed", "an object of lists by path", seed);
  for (const [name, value] of Object.entries(seed)) {
    const own = namespaces.get(name);
    if (own === undefined || !isJsonObject(value)) {
      loadPath({ name: `Seed ${JSON.stringify(name)}`, path: name, value }, [...namespaces.values()]);
      continue;
    }
    for (const [path, member] of Object.entries(value)) {
      loadPath({ name: `Seed ${JSON.stringify(name)}.${JSON.stringify(path)}`, path, value: member }, [own]);
    }
  }
}

/** Limit of paths that a message suggests. */
const MOST_SHOWN = 8;

interface SeedMember {
  /** Name of the member in messages. */
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
}

function loadPath(member: SeedMember, candidates: readonly Resources[]): void {
  const { name, path, value } = member;
  const steps = path
    .split("/")
    .filter(step => step !== "")
    .flatMap(step => nameParts(step).map(({ text }) => text));
  let found = false;
  for (const resources of candidates) {
    const parts = resources.map.find(steps);
    if (parts === undefined || parts.at(-1)?.kind === "value") continue;
    found = true;
    const place = { path: steps, shape: shapeOf(parts) };
    if (Array.isArray(value)) loadItems(member, value, place, resources);
    else if (isCollection(place, resources)) throw wrong(name, "a list of items", value);
    else if (isJsonObject(value)) resources.seedDocument(place, value);
    else throw wrong(name, "a list of items or an object", value);
    addParents(parts, steps, resources);
  }
  if (found) return;
  const known = candidates.flatMap(({ map }) => map.paths().filter(other => !other.endsWith("}")));
  const shown = [...new Set(known)].slice(0, MOST_SHOWN).join(", ");
  throw new TypeError(`${name}: no operation has this path; expected one such as ${shown}`);
}

function isCollection({ shape }: Place, { map }: Resources): boolean {
  return map.holdsItems(shape) || map.methods(shape).has("POST");
}

function loadItems({ name }: SeedMember, items: readonly unknown[], place: Place, resources: Resources): void {
  resources.markSeeded(place.shape);
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item)) throw wrong(`${name}[${index}]`, "an object", item);
    addItem(`${name}[${index}]`, item, place, resources);
  }
}

function addItem(name: string, item: JsonObject, place: Place, resources: Resources): void {
  const { id } = item;
  if (id !== undefined && !isNumber(id) && (typeof id !== "string" || id === "")) {
    throw wrong(`${name}.id`, "a text or a number", id);
  }
  try {
    resources.add(place, item, true);
  } catch (error) {
    // A taken id or too many items: the message is that of a request.
    if (error instanceof ApiError) throw new TypeError(`${name}: ${error.message}`);
    throw error;
  }
}

/** Adds the items that a path names, which need not be seeded themselves. */
function addParents(parts: readonly ResourcePart[], steps: readonly string[], resources: Resources): void {
  for (const [index, part] of parts.entries()) {
    const text = steps[index] ?? "";
    const place = { path: steps.slice(0, index), shape: shapeOf(parts.slice(0, index)) };
    if (part.kind === "name" || resources.find(place.path, part, text) !== undefined) continue;
    resources.add(place, { id: resources.idFrom(place, text) });
  }
}

function wrong(name: string, expected: string, found: unknown): TypeError {
  const kind = found === null ? "null" : Array.isArray(found) ? "a list" : `of type ${typeof found}`;
  return new TypeError(`${name} must be ${expected}, but it is ${kind}`);
}
