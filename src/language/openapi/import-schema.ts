import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import { SCHEMA_TYPES, type Schema } from "../../base/json-schema/schema-document.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { namesIn } from "../document/named-schemas.ts";
import { writtenMember, writtenValue } from "../document/written-numbers.ts";
import { type Description, isReference } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import type { ImportFindings } from "./import-findings.ts";
import { kebabName } from "./imported-names.ts";

/** Most levels of one schema in another. Deeper ones get a name: a capability file has at most 100 levels. */
const DEEPEST = 40;
/** Most references that lead from one to the next. */
const MOST_STEPS = 100;

/** How schemas within a schema are carried over. `undefined` leaves them out. */
type CarryPart = (node: DescriptionNode, reader: SchemaReader, depth: number) => unknown;

const schema: CarryPart = (node, reader, depth) => reader.inner(node, depth);
const list: CarryPart = (node, reader, depth) =>
  Array.isArray(node.value) && node.value.length > 0
    ? node.children().map(([, item]) => reader.inner(item, depth))
    : undefined;
const named: CarryPart = (node, reader, depth) =>
  isJsonObject(node.value)
    ? Object.fromEntries(Object.keys(node.value).map(name => [name, reader.inner(node.at(name), depth)]))
    : undefined;

function isAnything(value: unknown): boolean {
  return value === true || (isJsonObject(value) && Object.keys(value).length === 0);
}

/** How other values of a schema are carried over. `undefined` leaves them out. */
type CarryValue = (value: unknown) => unknown;

const text: CarryValue = value => (typeof value === "string" ? value : undefined);
const flag: CarryValue = value => (value === true || value === "true" ? true : undefined);
const count: CarryValue = value => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 ? number : undefined;
};

/** The keywords of JSON Schema 2020-12 whose values are schemas. */
const PARTS: Readonly<Record<string, CarryPart>> = {
  properties: named,
  patternProperties: named,
  dependentSchemas: named,
  additionalProperties: schema,
  propertyNames: schema,
  contains: schema,
  contentSchema: schema,
  unevaluatedItems: schema,
  unevaluatedProperties: schema,
  not: schema,
  if: schema,
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword of JSON Schema.
  then: schema,
  else: schema,
  // Linters ask for `items`: those that may be anything say nothing.
  items: (node: DescriptionNode, reader: SchemaReader, depth: number) =>
    Array.isArray(node.value) || isAnything(node.value) ? undefined : schema(node, reader, depth),
  allOf: list,
  anyOf: list,
  oneOf: list,
  prefixItems: list,
};

/** The other keywords that are carried over. Examples, and what has a meaning in XML alone, are not. */
const VALUES: Readonly<Record<string, CarryValue>> = {
  title: text,
  description: text,
  format: text,
  pattern: text,
  contentEncoding: text,
  contentMediaType: text,
  readOnly: flag,
  writeOnly: flag,
  deprecated: flag,
  uniqueItems: flag,
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minProperties: count,
  maxProperties: count,
  minContains: count,
  maxContains: count,
  required: (value: unknown) => {
    const names = Array.isArray(value) ? value.filter(name => typeof name === "string") : [];
    return names.length === 0 ? undefined : [...new Set(names)];
  },
  dependentRequired: (value: unknown) => (isJsonObject(value) ? value : undefined),
  enum: (value: unknown) => (Array.isArray(value) && value.length > 0 ? value : undefined),
  // `null` is a value of these two, and elsewhere none.
  const: (value: unknown) => value,
  default: (value: unknown) => value,
};

type Keyword = { readonly part: CarryPart } | { readonly value: CarryValue };

/** How keywords are carried over, by their names. */
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...Object.entries(PARTS).map(([name, part]) => [name, { part }] as const),
  ...Object.entries(VALUES).map(([name, value]) => [name, { value }] as const),
]);

const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] as const;

/**
 * Reads schemas of a description as JSON Schemas of 2020-12. A reference becomes one to a named schema, which is read
 * when an operation needs it, so that schemas that refer to themselves stay as they are.
 */
export class SchemaReader {
  readonly #description: Description;
  readonly #findings: ImportFindings;
  /** Names of the schemas that references lead to, by the value of the description. */
  readonly #names = new Map<object, string>();
  readonly #nodes = new Map<string, DescriptionNode>();
  /** Names that have been referred to since a named schema began. */
  #referred = new Set<string>();
  /** The named schemas that have been read, with the names that they refer to. */
  readonly #read = new Map<string, { readonly schema: Schema; readonly names: readonly string[] }>();
  /** Whether a sibling of a reference has a meaning. */
  readonly #hasSiblings: boolean;

  constructor(description: Description, findings: ImportFindings) {
    this.#description = description;
    this.#findings = findings;
    this.#hasSiblings = description.version !== "2.0" && description.version !== "3.0";
  }

  /** Reads a schema for an `x-schema`. */
  read(node: DescriptionNode): Schema {
    return this.inner(node, 0);
  }

  /** Returns the named schemas that some schemas refer to, by any number of steps, in the order of their names. */
  namedFor(schemas: readonly unknown[]): Record<string, Schema> {
    const found = new Map<string, Schema>();
    const open = schemas.flatMap(namesIn);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      const read = this.#readNamed(name);
      if (read === undefined) continue;
      found.set(name, read.schema);
      open.push(...read.names);
    }
    return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Reads a schema that stands in another. */
  inner(node: DescriptionNode, above: number): Schema {
    const { value } = node;
    if (typeof value === "boolean") return value;
    if (!isJsonObject(value)) return true;
    if (isReference(value)) return this.#reference(node, above);
    if (above >= DEEPEST) return { $ref: this.#referenceTo(node) };
    return this.#members(node, value, above + 1);
  }

  #members(node: DescriptionNode, value: JsonObject, depth: number): Schema {
    const read: Record<string, unknown> = {};
    const type = this.#type(node, value);
    if (type !== undefined) read["type"] = type;
    let hasOthers = false;
    for (const key of Object.keys(value)) {
      const keyword = KEYWORDS.get(key);
      if (keyword === undefined) {
        hasOthers ||= key !== "type" && key !== "example";
        continue;
      }
      let carried: unknown;
      if ("value" in keyword) {
        const held = value[key];
        carried = keyword.value(held);
        if (carried === held && typeof held !== "string") carried = writtenValue(value, key);
      } else carried = keyword.part(node.at(key), this, depth);
      if (carried !== undefined) read[key] = carried;
    }
    const items = Array.isArray(value["items"]) ? node.child("items") : undefined;
    if (items !== undefined) read["prefixItems"] = list(items, this, depth);
    if (read["oneOf"] !== undefined) mergeForms(read);
    // Most schemas have none of the keywords below.
    if (!hasOthers) return read;
    addBounds(value, read);
    const mapping = member(value, "discriminator");
    if (isJsonObject(mapping) && typeof mapping["propertyName"] === "string")
      read["discriminator"] = { propertyName: mapping["propertyName"] };
    return this.#nullable(value, read);
  }

  #type(node: DescriptionNode, { type }: JsonObject): unknown {
    if (type === undefined) return undefined;
    if (type === "file") return "string";
    if (Array.isArray(type)) {
      const known = type.filter(name => SCHEMA_TYPES.has(name));
      return known.length === 1 ? known[0] : known.length === 0 ? undefined : known;
    }
    if (SCHEMA_TYPES.has(type)) return type;
    if (type !== "any" && type !== null)
      this.#findings.add("type", node, `The type ${quoteValue(type)} is left out: JSON Schema has none of that name`);
    return undefined;
  }

  /** Adds `null` where OpenAPI 3.0 allows it beside the schema. */
  #nullable(value: JsonObject, read: Record<string, unknown>): Schema {
    if (value["nullable"] !== true && value["x-nullable"] !== true) return read;
    const { type, enum: allowed } = read;
    if (typeof type === "string" && type !== "null") read["type"] = [type, "null"];
    else if (Array.isArray(type) && !type.includes("null")) read["type"] = [...type, "null"];
    if (Array.isArray(allowed) && !allowed.includes(null)) read["enum"] = [...allowed, null];
    const isComposed = type === undefined && ["allOf", "anyOf", "oneOf", "$ref"].some(key => Object.hasOwn(read, key));
    if (!isComposed) return read;
    const { title, description, ...others } = read;
    const texts = Object.entries({ title, description }).filter(([, found]) => found !== undefined);
    return { ...Object.fromEntries(texts), anyOf: [others, { type: "null" }] };
  }

  #reference(node: DescriptionNode, above: number): Schema {
    const target = this.#targetOf(node);
    if (target === undefined) return true;
    if (typeof target.value === "boolean") return target.value;
    if (!isJsonObject(target.value)) return true;
    const value = node.value as JsonObject;
    const read: Record<string, unknown> = { $ref: this.#referenceTo(target) };
    if (Object.keys(value).length === 1) return read;
    if (!this.#hasSiblings) {
      if (typeof value["description"] === "string") read["description"] = value["description"];
      return this.#nullable(value, read);
    }
    const { $ref: _, ...siblings } = value;
    const beside = this.#members(node, siblings, above + 1);
    return { ...read, ...(beside as JsonObject) };
  }

  /** Follows references to a schema that is none. */
  #targetOf(node: DescriptionNode): DescriptionNode | undefined {
    let found: DescriptionNode | undefined = node;
    for (let steps = 0; found !== undefined && isReference(found.value); steps++) {
      if (steps >= MOST_STEPS) {
        this.#findings.add("circle", node, "The reference leads in a circle");
        return undefined;
      }
      found = this.#description.target(found);
    }
    return found;
  }

  #referenceTo(node: DescriptionNode): string {
    const value = node.value as object;
    let name = this.#names.get(value);
    if (name === undefined) {
      const wanted = schemaName(node.lastNames(NAMES_OF_A_PLACE));
      name = wanted;
      for (let number = 2; this.#nodes.has(name); number++) name = `${wanted}-${number}`;
      this.#names.set(value, name);
      this.#nodes.set(name, node);
    }
    this.#referred.add(name);
    return `#/$defs/${/^\w+$/.test(name) ? name : encodeURIComponent(pointerSegment(name))}`;
  }

  #readNamed(name: string): { readonly schema: Schema; readonly names: readonly string[] } | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const node = this.#nodes.get(name);
    if (node === undefined) return undefined;
    this.#referred = new Set();
    const schema = this.#members(node, node.value as JsonObject, 1);
    const found = { schema, names: [...this.#referred] };
    this.#read.set(name, found);
    return found;
  }
}

/** Names of a place that make one for the schema there. */
const NAMES_OF_A_PLACE = 5;

/** Returns the name of the schema at a place: its own, or one of the words that lead there. */
function schemaName(place: readonly string[]): string {
  const last = place.at(-1) ?? "";
  const holder = place.at(-2);
  if (last !== "" && (holder === "schemas" || holder === "definitions" || holder === "$defs")) return last;
  return kebabName(place.join("-")) || "schema";
}

/**
 * Writes `oneOf` as `anyOf`. Descriptions list forms that they do not keep apart, and an API takes a value that fits
 * several of them.
 */
function mergeForms(read: Record<string, unknown>): void {
  const { oneOf, anyOf, allOf } = read;
  delete read["oneOf"];
  if (anyOf === undefined) read["anyOf"] = oneOf;
  else read["allOf"] = [...(Array.isArray(allOf) ? allOf : []), { anyOf: oneOf }];
}

/** Adds the bounds of numbers. Those of OpenAPI 3.0 that exclude are flags beside the others. */
function addBounds(value: JsonObject, read: Record<string, unknown>): void {
  for (const key of BOUNDS) {
    const found = writtenMember(value, key);
    if (isNumber(found)) read[key] = found;
    else if (typeof found === "string" && found.trim() !== "" && Number.isFinite(Number(found)))
      read[key] = Number(found);
  }
  for (const [key, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (value[key] !== true || read[bound] === undefined) continue;
    read[key] = read[bound];
    delete read[bound];
  }
}
