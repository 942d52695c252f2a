import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, isObject, member, objectOf } from "../../base/json-object.ts";
import { referenceSegments } from "../../base/json-pointer.ts";
import type { ConsumesHttp } from "./document-types.ts";
import { writtenValue } from "./written-numbers.ts";

/**
 * The schemas that an adapter holds by name in `x-schemas`. Each `x-schema` of the adapter refers to them as
 * `#/$defs/Name`, and so do they to each other.
 */
export class NamedSchemas {
  readonly #written: object;
  /** The schemas that have been asked for, with the digits of their numbers. */
  readonly #schemas = new Map<string, unknown>();
  /** The names that a schema refers to itself. Each schema is walked once for all operations. */
  readonly #references = new Map<string, readonly string[]>();

  constructor(written: object) {
    this.#written = written;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#written, name);
  }

  /**
   * Returns a schema with the named ones that it refers to, by any number of steps, among its `$defs`, where its own
   * ones win. It is the schema itself if it refers to none.
   */
  complete(schema: unknown): unknown {
    if (!isJsonObject(schema)) return schema;
    const own = objectOf(member(schema, "$defs"));
    const open = namesIn(schema).filter(name => !Object.hasOwn(own, name) && this.has(name));
    if (open.length === 0) return schema;
    const found = new Map<string, unknown>();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name) || Object.hasOwn(own, name)) continue;
      found.set(name, this.#schema(name));
      open.push(...this.#referencesOf(name));
    }
    return { ...schema, $defs: { ...Object.fromEntries(found), ...own } };
  }

  #schema(name: string): unknown {
    if (!this.#schemas.has(name)) this.#schemas.set(name, writtenValue(this.#written, name));
    return this.#schemas.get(name);
  }

  #referencesOf(name: string): readonly string[] {
    let found = this.#references.get(name);
    if (found === undefined) {
      found = namesIn(this.#schema(name)).filter(reference => this.has(reference));
      this.#references.set(name, found);
    }
    return found;
  }
}

const known = new WeakMap<ConsumesHttp, NamedSchemas>();

/** Returns the named schemas of an adapter, `undefined` if it has none. */
export function namedSchemas(adapter: ConsumesHttp): NamedSchemas | undefined {
  const written = adapter["x-schemas"];
  if (!isJsonObject(written)) return undefined;
  return getOrSet(known, adapter, () => new NamedSchemas(written));
}

/** Lists the names that references in a schema begin with: `Name` of `#/$defs/Name/…`. */
export function namesIn(schema: unknown): string[] {
  const names = new Set<string>();
  const open = [schema];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (!isObject(value)) continue;
    for (const held of Object.values(value)) if (isObject(held)) open.push(held);
    const reference = member(value, "$ref");
    const name = typeof reference === "string" ? definitionName(reference) : undefined;
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

const DEFINITIONS = "#/$defs/";

/** Returns the name of the definition that a reference leads to or into. */
export function definitionName(reference: string): string | undefined {
  return reference.startsWith(DEFINITIONS) ? referenceSegments(reference)?.[1] : undefined;
}
