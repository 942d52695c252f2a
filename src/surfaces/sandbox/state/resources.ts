import { createHash, randomBytes } from "node:crypto";
import { type JsonObject, member } from "../../../base/json-object.ts";
import { isNumber } from "../../../base/numbers/json-number.ts";
import { readScalar } from "../../../engine/request/read-text.ts";
import { ApiError, itemNotFound, quote } from "../api-error.ts";
import { mergePatch, plainText } from "../members.ts";
import type { ActionEffect } from "../routing/action-words.ts";
import type { ResourceMap } from "../routing/resource-map.ts";
import { fillParts, keyOf, type ResourcePart, shapeOf, type ValuePart } from "../routing/resource-path.ts";
import { Store } from "./store.ts";

/** The sources of ids and times for items. */
interface ItemSources {
  readonly clock: () => Date;
  /** Makes the ids, even for collections with numeric ids. `undefined`: numbers or random ids. */
  readonly newId: ((collection: string) => string) | undefined;
}

/** The place of a collection or document: its path with actual values, and its shape. */
export interface Place {
  readonly path: readonly string[];
  readonly shape: string;
}

/** An item and the collection it is in. */
export interface OwnedItem {
  readonly collection: Place;
  readonly item: JsonObject;
}

/** The stored resources of one namespace, by the rules of their paths. */
export class Resources {
  readonly map: ResourceMap;
  readonly store: Store = new Store();
  readonly #sources: ItemSources;
  readonly #seeded = new Set<string>();
  readonly #lastNumbers = new Map<string, number>();

  constructor(map: ResourceMap, sources: ItemSources) {
    this.map = map;
    this.#sources = sources;
  }

  /**
   * Returns the place of the first `count` steps of a path. Items on the way are named by their ids: an item has one place,
   * however it is addressed. Once their collection has been used they must exist. Before that, a caller who works below
   * `/accounts/a1` is assumed to have that account.
   *
   * @throws ApiError 404
   */
  place(parts: readonly ResourcePart[], values: readonly string[], count: number = parts.length): Place {
    const texts = fillParts(parts, values);
    const path: string[] = [];
    for (const [index, part] of parts.slice(0, count).entries()) {
      const text = texts[index] ?? "";
      const item = part.kind === "value" ? this.find(path, part, text) : undefined;
      if (part.kind === "value" && item === undefined) {
        const isUsed = this.isFilled(shapeOf(parts.slice(0, index))) && this.store.hasCollection(keyOf(path));
        if (isUsed) throw itemNotFound(path, text);
      }
      path.push(item === undefined ? text : idText(item));
    }
    return { path, shape: shapeOf(parts.slice(0, count)) };
  }

  /**
   * Returns the item that the step before the last names. An item of a collection that no served operation can fill comes
   * from another API: it is assumed to exist.
   *
   * @throws ApiError 404
   */
  owner(parts: readonly ResourcePart[], values: readonly string[]): OwnedItem | undefined {
    const part = parts.at(-2);
    if (part?.kind !== "value") return undefined;
    const collection = this.place(parts, values, parts.length - 2);
    const text = fillParts(parts, values).at(-2) ?? "";
    const item = this.find(collection.path, part, text);
    if (item === undefined && this.isFilled(collection.shape)) throw itemNotFound(collection.path, text);
    return { collection, item: item ?? { id: this.idFrom(collection, text) } };
  }

  /** Finds the item that a path's value names: by its id, else by the member named like the placeholder. */
  find(collection: readonly string[], part: ValuePart, text: string): JsonObject | undefined {
    const items = this.store.items(keyOf(collection));
    const byId = items.get(text);
    const [parameter] = part.parameters;
    if (byId !== undefined || parameter === undefined || part.parameters.length > 1) return byId;
    for (const item of items.values()) {
      if (plainText(member(item, parameter.name)) === text) return item;
    }
    return undefined;
  }

  /** Returns the id that a path's text stands for. */
  idFrom({ shape }: Place, text: string): unknown {
    return this.map.hasNumericIds(shape) ? readScalar("integer", text) : text;
  }

  /** Returns whether the items of a collection come from served operations or from the seed. */
  isFilled(shape: string): boolean {
    return this.map.canFill(shape) || this.#seeded.has(shape);
  }

  /** Marks a collection whose items come from the seed. */
  markSeeded(shape: string): void {
    this.#seeded.add(shape);
  }

  /**
   * Adds an item with its own id or a new one, and timestamps.
   *
   * @param keepTimestamps whether `created_at` and `updated_at` of the members stay
   * @throws ApiError 409 if the id is taken, 507 if there is no room
   */
  add({ path, shape }: Place, members: JsonObject, keepTimestamps: boolean = false): JsonObject {
    const id = givenId(members) ?? this.#newId(path, shape);
    if (this.store.items(keyOf(path)).has(String(id))) {
      const message = `${quote(`/${path.join("/")}`)} has an item with the id ${quote(String(id))} already`;
      throw new ApiError(409, "conflict", message);
    }
    const now = this.#now();
    const times = { created_at: now, updated_at: now };
    const others = withoutId(members);
    return this.#save(path, keepTimestamps ? { id, ...times, ...others } : { id, ...others, ...times });
  }

  /** Replaces an item's members. Its id and time of creation stay. */
  replace({ path }: Place, item: JsonObject, members: JsonObject): JsonObject {
    return this.#save(path, changed(item, members, this.#now()));
  }

  /** Merges members into an item, and records an action on it. Its id and time of creation stay. */
  merge({ path }: Place, item: JsonObject, patch: JsonObject, effect?: ActionEffect): JsonObject {
    const now = this.#now();
    const action = effect && flagMembers(effect, now);
    return this.#save(path, changed(item, mergePatch(item, { ...patch, ...action }), now));
  }

  /** Removes an item and everything below it. */
  remove({ path }: Place, item: JsonObject): void {
    const id = idText(item);
    this.store.removeItem(keyOf(path), id, keyOf([...path, id]));
  }

  /** Returns the document at a place. At first it has an id and timestamps only. */
  document({ path, shape }: Place): JsonObject {
    return this.store.document(keyOf(path)) ?? this.#putDocument(path, this.#newDocument(path, shape));
  }

  /** Replaces a document's members. Its id and time of creation stay. */
  replaceDocument(place: Place, members: JsonObject): JsonObject {
    return this.#putDocument(place.path, changed(this.document(place), members, this.#now()));
  }

  /** Stores a document, with an id and timestamps if it has none. */
  seedDocument({ path, shape }: Place, members: JsonObject): void {
    this.#putDocument(path, { ...this.#newDocument(path, shape), ...withoutPrototype(members) });
  }

  /** Returns the secret of an item: its own, or a stand-in. */
  secret({ path }: Place, item: JsonObject): string {
    return plainText(member(item, "secret")) ?? standInSecret([...path, idText(item)]);
  }

  #newDocument(path: readonly string[], shape: string): JsonObject {
    const now = this.#now();
    return { id: this.#newId(path, shape), created_at: now, updated_at: now };
  }

  #newId(path: readonly string[], shape: string): string | number {
    const { newId } = this.#sources;
    const collection = `/${path.join("/")}`;
    if (newId !== undefined) return newId(collection);
    if (!this.map.hasNumericIds(shape)) return randomId(collection);
    const key = keyOf(path);
    const items = this.store.items(key);
    let number = (this.#lastNumbers.get(key) ?? 0) + 1;
    while (items.has(String(number))) number++;
    this.#lastNumbers.set(key, number);
    return number;
  }

  #now(): string {
    return this.#sources.clock().toISOString();
  }

  #save(path: readonly string[], item: JsonObject): JsonObject {
    this.store.putItem(keyOf(path), idText(item), item);
    return item;
  }

  #putDocument(path: readonly string[], document: JsonObject): JsonObject {
    this.store.putDocument(keyOf(path), document);
    return document;
  }
}

/** Returns an item with other members. Its id and time of creation stay. */
function changed({ id, created_at }: JsonObject, members: JsonObject, now: string): JsonObject {
  return { id, ...withoutId(members), created_at, updated_at: now };
}

/** Returns the members that an action sets: `revoked`, and when. `null` removes the time of an earlier action. */
function flagMembers({ flag, value }: ActionEffect, now: string): JsonObject {
  return { [flag]: value, [`${flag}_at`]: value ? now : null };
}

/** Returns the id of an item as a path writes it. */
export function idText(item: JsonObject): string {
  return String(item.id);
}

/** Returns the `id` of a body if an item can have it, else `undefined`. */
function givenId(members: JsonObject): unknown {
  const id = member(members, "id");
  return (typeof id === "string" && id !== "") || isNumber(id) ? id : undefined;
}

function withoutId(members: JsonObject): JsonObject {
  const { id: _, ...others } = withoutPrototype(members);
  return others;
}

/** Removes the member `__proto__`, which JSON can have and no item keeps. */
function withoutPrototype(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== "__proto__"));
}

/** Returns a stand-in for the secret of an item that was posted without one. It is always the same for the item. */
function standInSecret(itemPath: readonly string[]): string {
  return `sandbox_${createHash("sha256").update(keyOf(itemPath)).digest("hex").slice(0, 40)}`;
}

/** Creates an id such as `ak_3f9c2e…` for an item of `/api_keys`: a hint of the collection, then 96 random bits. */
function randomId(collection: string): string {
  return `${idPrefix(collection)}_${randomBytes(12).toString("hex")}`;
}

const LONGEST_PREFIX = 4;

/** Returns the initials of several words, or the beginning of one. */
function idPrefix(collection: string): string {
  const name = collection.slice(collection.lastIndexOf("/") + 1).replace(/([a-z])([A-Z])/g, "$1 $2");
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== "");
  const [first = "item"] = words;
  if (words.length > 1)
    return words
      .map(word => word[0])
      .join("")
      .slice(0, LONGEST_PREFIX);
  return first.replace(/(?<=..)s$/, "").slice(0, LONGEST_PREFIX);
}
