import { getOrSet } from "../../../base/get-or-set.ts";
import type { JsonObject } from "../../../base/json-object.ts";
import { ApiError } from "../api-error.ts";

/** Limit of items in a collection. More are refused: dropping old ones would look like a fault of the caller. */
const MOST_ITEMS = 10_000;

/** Limit of collections and documents in a namespace. */
const MOST_RESOURCES = 10_000;

/** Items of one collection by the text of their id, in the order of their creation. */
type Items = Map<string, JsonObject>;

/**
 * The state of one namespace by resource key (`keyOf`). A collection exists once it has an item: reading an empty one
 * costs no memory.
 */
export class Store {
  readonly #collections = new Map<string, Items>();
  readonly #documents = new Map<string, JsonObject>();

  /** Returns the items of a collection. */
  items(key: string): ReadonlyMap<string, JsonObject> {
    return this.#collections.get(key) ?? NO_ITEMS;
  }

  /** Returns whether a collection has, or once had, an item. */
  hasCollection(key: string): boolean {
    return this.#collections.has(key);
  }

  /** Adds or replaces an item. @throws ApiError 507 if there is no room */
  putItem(key: string, id: string, item: JsonObject): void {
    const items = getOrSet(this.#collections, key, () => {
      this.#requireRoom();
      return new Map();
    });
    if (items.size >= MOST_ITEMS && !items.has(id)) {
      throw insufficientStorage(`The collection is full: it has ${MOST_ITEMS} items, the most a sandbox keeps`);
    }
    items.set(id, item);
  }

  /** Removes an item with everything below it. */
  removeItem(key: string, id: string, itemKey: string): void {
    this.#collections.get(key)?.delete(id);
    this.#removeBelow(`${itemKey}/`);
  }

  /** Removes all items of a collection with everything below them. */
  clear(key: string): void {
    this.#collections.get(key)?.clear();
    this.#removeBelow(`${key}/`);
  }

  document(key: string): JsonObject | undefined {
    return this.#documents.get(key);
  }

  /** Adds or replaces a document. @throws ApiError 507 if there is no room */
  putDocument(key: string, document: JsonObject): void {
    if (!this.#documents.has(key)) this.#requireRoom();
    this.#documents.set(key, document);
  }

  removeDocument(key: string): void {
    this.#documents.delete(key);
    this.#removeBelow(`${key}/`);
  }

  #requireRoom(): void {
    if (this.#collections.size + this.#documents.size >= MOST_RESOURCES) {
      throw insufficientStorage(`The sandbox is full: it keeps ${MOST_RESOURCES} collections and documents`);
    }
  }

  #removeBelow(prefix: string): void {
    for (const resources of [this.#collections, this.#documents]) {
      for (const key of resources.keys()) {
        if (key.startsWith(prefix)) resources.delete(key);
      }
    }
  }
}

const NO_ITEMS: ReadonlyMap<string, JsonObject> = new Map();

function insufficientStorage(message: string): ApiError {
  return new ApiError(507, "insufficient_storage", message);
}
