import { isJsonObject, isObject, type JsonObject, member } from "../base/json-object.ts";
import { SCHEMA_TYPES } from "../base/json-schema/schema-document.ts";
import { ExactNumber } from "../base/numbers/exact-number.ts";
import { isHostile } from "../base/visible-text.ts";
import { definitionName } from "../language/document/named-schemas.ts";
import { agentLine } from "./agent-text.ts";

/** Longest description inside of a schema, in characters. */
const LONGEST_DESCRIPTION = 300;
/** Most levels of schemas in one another. */
const DEEPEST = 60;

/**
 * Schemas of files, written for agents: those keywords of JSON Schema 2020-12 that clients and models take, and nothing
 * else. Everything that the schemas refer to stands once, in {@link definitions}.
 */
export class PortableSchemas {
  /** Schemas by name, for `$defs` of the whole. */
  readonly definitions: Record<string, JsonObject> = Object.create(null);
  readonly #depth: number;
  /** Names in `definitions`, by what they stand for. */
  readonly #names = new Map<unknown, string>();

  /** @param depth levels that are written; with less than all of them, references are not */
  constructor(depth: number) {
    this.#depth = Math.min(depth, DEEPEST);
  }

  /** Writes a schema. Its references are to the definitions of all. */
  add(schema: JsonObject): JsonObject {
    return new SchemaWriter(schema, this.#depth, (definition, name, write) => this.#define(definition, name, write))
      .written;
  }

  #define(definition: JsonObject, name: string, write: () => JsonObject): string {
    // The schemas of an adapter are copied for each input: equal texts are one.
    const text = JSON.stringify(definition, exactText);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const plain = name.replace(/[^A-Za-z0-9_.-]+/g, "_").slice(0, 64) || "schema";
    let own = plain;
    for (let count = 2; own in this.definitions; count++) own = `${plain}_${count}`;
    this.#names.set(text, own);
    // It may refer to itself.
    this.definitions[own] = {};
    this.definitions[own] = write();
    return own;
  }
}

type Define = (definition: JsonObject, name: string, write: () => JsonObject) => string;

/** Writes one schema of a file, with those that it refers to. */
class SchemaWriter {
  readonly written: JsonObject;
  readonly #root: JsonObject;
  readonly #depth: number;
  readonly #define: Define;

  constructor(root: JsonObject, depth: number, define: Define) {
    this.#root = root;
    this.#depth = depth;
    this.#define = define;
    this.written = this.#write(root, 0);
  }

  #write(schema: unknown, depth: number): JsonObject {
    if (schema === false) return { not: {} };
    if (!isJsonObject(schema)) return {};
    const written: Record<string, unknown> = {};
    const reference = this.#reference(schema, depth);
    if (reference !== undefined) written["$ref"] = reference;
    for (const [keyword, write] of keywords) {
      const value = member(schema, keyword);
      if (value === undefined) continue;
      const found = write(value, held => this.#inner(held, depth), schema);
      if (found !== undefined) written[keyword] = found;
    }
    if (schema["nullable"] === true && typeof written["type"] === "string") written["type"] = [written["type"], "null"];
    const { type } = written;
    const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
    // Some models refuse a list without it.
    if (isList && written["items"] === undefined && written["prefixItems"] === undefined) written["items"] = {};
    return written;
  }

  /** Writes a schema inside of another. `undefined` where it is too deep. */
  #inner(schema: unknown, depth: number): JsonObject | undefined {
    if (depth < this.#depth) return this.#write(schema, depth + 1);
    const type = isJsonObject(schema) ? typesOf(schema["type"]) : undefined;
    return type === undefined ? {} : { type, ...(type === "array" ? { items: {} } : {}) };
  }

  #reference(schema: JsonObject, depth: number): string | undefined {
    const reference = member(schema, "$ref");
    const name = typeof reference === "string" ? definitionName(reference) : undefined;
    const definition = name === undefined ? undefined : member(objectIn(this.#root, "$defs"), name);
    // References into a definition, and outside of the schema, are rare: any value is allowed there.
    const isWhole = typeof reference === "string" && !reference.slice("#/$defs/".length).includes("/");
    if (name === undefined || !isJsonObject(definition) || !isWhole) return undefined;
    if (this.#depth < DEEPEST && depth >= this.#depth) return undefined;
    return `#/$defs/${this.#define(definition, name, () => this.#write(definition, depth + 1))}`;
  }
}

function objectIn(schema: JsonObject, name: string): JsonObject {
  const value = member(schema, name);
  return isJsonObject(value) ? value : {};
}

/** Writes the value of a keyword. `undefined`: the keyword is left out. */
type Write = (value: unknown, inner: (schema: unknown) => JsonObject | undefined, schema: JsonObject) => unknown;

const number: Write = value => {
  const read = plain(value);
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
};
const count: Write = value => {
  const read = plain(value);
  return Number.isSafeInteger(read) && (read as number) >= 0 ? read : undefined;
};
const flag: Write = value => (typeof value === "boolean" ? value : undefined);
const one: Write = (value, inner) => inner(value);
const list: Write = (value, inner) =>
  Array.isArray(value) && value.length > 0 ? value.map(schema => inner(schema) ?? {}) : undefined;
const named: Write = (value, inner) =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, schema]) => (isHostile(name) ? [] : [[name, inner(schema) ?? {}]])),
      )
    : undefined;
const text: Write = value =>
  typeof value === "string" ? agentLine(value, LONGEST_DESCRIPTION) || undefined : undefined;
const strings: Write = value => {
  const found = Array.isArray(value) ? value.filter(name => typeof name === "string") : [];
  return found.length === 0 ? undefined : [...new Set(found)];
};

/** The keywords that are written, in their order. */
const keywords: readonly (readonly [string, Write])[] = [
  ["type", value => typesOf(value)],
  ["description", text],
  ["enum", value => (Array.isArray(value) && value.length > 0 ? visible(unique(value.map(plain))) : undefined)],
  ["const", value => visible(plain(value))],
  ["default", value => visible(plain(value))],
  ["format", value => (typeof value === "string" && FORMATS.has(value) ? value : undefined)],
  ["pattern", value => (typeof value === "string" && isPattern(value) ? value : undefined)],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", number],
  ["exclusiveMaximum", number],
  ["multipleOf", value => (Number(plain(value)) > 0 ? number(value, () => undefined, {}) : undefined)],
  ["minLength", count],
  ["maxLength", count],
  ["minItems", count],
  ["maxItems", count],
  ["uniqueItems", flag],
  ["minProperties", count],
  ["maxProperties", count],
  ["items", (value, inner) => (Array.isArray(value) ? undefined : inner(value))],
  ["prefixItems", list],
  ["contains", one],
  ["properties", named],
  ["required", strings],
  ["additionalProperties", (value, inner) => (typeof value === "boolean" ? value : inner(value))],
  ["propertyNames", one],
  ["allOf", list],
  ["anyOf", list],
  ["oneOf", list],
  ["not", one],
];

/** Formats that checkers of schemas know. Others make strict ones refuse the schema. */
const FORMATS: ReadonlySet<string> = new Set([
  ...["date", "time", "date-time", "duration", "uri", "uri-reference", "uri-template", "email", "hostname", "ipv4"],
  ...["ipv6", "regex", "uuid", "json-pointer", "byte", "int32", "int64", "float", "double", "password", "binary"],
]);

function typesOf(value: unknown): string | string[] | undefined {
  const found = [value].flat().filter((name): name is string => typeof name === "string" && SCHEMA_TYPES.has(name));
  const [first] = found;
  return found.length > 1 ? [...new Set(found)] : first;
}

/** Tells whether other programs can read a pattern too. It is not matched here. */
function isPattern(pattern: string): boolean {
  if (pattern.length > 1_000) return false;
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Returns a value of a file as JSON of any program has it. */
function plain(value: unknown): unknown {
  if (value instanceof ExactNumber || typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plain(held)]));
}

/** Returns a value, unless it has characters that cannot be seen: another value would be a wrong one. */
function visible(value: unknown): unknown {
  return isHostile(JSON.stringify(value) ?? "") || /\\u00[01]/.test(JSON.stringify(value) ?? "") ? undefined : value;
}

function unique(values: readonly unknown[]): unknown[] {
  const texts = new Set<string>();
  return values.filter(value => {
    const written = JSON.stringify(value);
    return texts.has(written) ? false : texts.add(written);
  });
}

function exactText(_: string, value: unknown): unknown {
  return typeof value === "bigint" || value instanceof ExactNumber ? String(value) : value;
}
