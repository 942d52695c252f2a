import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointedValue, referenceSegments } from "../../base/json-pointer.ts";
import { comment, literalType, memberName, type TypeNames } from "./type-text.ts";

/** Most levels of a schema inside each other that are written in place. */
const MOST_LEVELS = 12;
/** Most parts of schemas that the types of a capability hold. Further ones are `unknown`. */
const MOST_PARTS = 500_000;
/** Most values of an enumeration. A longer one is the type of its values. */
const MOST_VALUES = 500;

/** Object whose members are not known. */
const ANY_OBJECT = "{ [name: string]: unknown }";

/** Where a schema stands: the document of its references, and what is around it. */
interface Place {
  /** Schema whose `$defs` it refers to. */
  readonly root: unknown;
  readonly level: number;
  /** Type that is an alias of what stands here, without an object or a list between: it must not lead to itself. */
  readonly alias: string | undefined;
}

/** Types of the JSON Schemas of one capability. A schema that is referred to gets a name, and is declared once. */
export class SchemaTypes {
  readonly #names: TypeNames;
  /** Names by schema. The same named schema of an adapter is the same object in all operations. */
  readonly #named = new Map<object, string>();
  readonly #declarations: string[] = [];
  /** Aliases that an alias leads to at once. */
  readonly #aliases = new Map<string, Set<string>>();
  #parts = 0;

  constructor(names: TypeNames) {
    this.#names = names;
  }

  /** Returns the declarations of the named types, in the order in which they were met. */
  get declarations(): readonly string[] {
    return this.#declarations;
  }

  /** Returns the type of the values that a schema allows; `unknown` where TypeScript has no type for them. */
  typeOf(schema: unknown, root: unknown = schema): string {
    return this.#typeOf(schema, { root, level: 0, alias: undefined });
  }

  #typeOf(schema: unknown, place: Place): string {
    if (schema === false) return "never";
    if (!isJsonObject(schema) || place.level > MOST_LEVELS || ++this.#parts > MOST_PARTS) return "unknown";
    const parts = new Set([
      this.#referenceType(schema, place),
      this.#valuesType(schema),
      ...this.#choiceTypes(schema, place),
      this.#ownType(schema, place),
    ]);
    parts.delete("unknown");
    // An object of any members says nothing that a more precise one does not.
    if (parts.size > 1) parts.delete(ANY_OBJECT);
    return parts.size === 0 ? "unknown" : joined([...parts], " & ");
  }

  #referenceType({ $ref: reference }: JsonObject, place: Place): string {
    const segments = typeof reference === "string" ? referenceSegments(reference) : undefined;
    if (segments === undefined) return "unknown";
    const target = pointedValue(place.root, segments);
    if (!isJsonObject(target)) return target === false ? "never" : "unknown";
    const name = this.#named.get(target) ?? this.#declare(target, segments.at(-1) ?? "Value", place.root);
    return place.alias === undefined || this.#follow(place.alias, name) ? name : "unknown";
  }

  #declare(schema: JsonObject, hint: string, root: unknown): string {
    const name = this.#names.of(hint);
    this.#named.set(schema, name);
    const index = this.#declarations.push("") - 1;
    const described = comment(textOf(schema, "description"), "  ");
    const isInterface = isPlainObject(schema);
    const type = isInterface
      ? this.#membersType(schema, { root, level: 0, alias: undefined })
      : this.#typeOf(schema, { root, level: 0, alias: name });
    this.#declarations[index] =
      `${described}${isInterface ? `  interface ${name} ${type}` : `  type ${name} = ${type};`}\n`;
    return name;
  }

  /** Notes that an alias leads to another type. Returns whether it may: it must not lead back. */
  #follow(from: string, to: string): boolean {
    const open = [to];
    const seen = new Set(open);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (name === from) return false;
      for (const next of this.#aliases.get(name) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
    getOrSet(this.#aliases, from, () => new Set()).add(to);
    return true;
  }

  #valuesType(schema: JsonObject): string {
    const { enum: values } = schema;
    const listed = Object.hasOwn(schema, "const") ? [schema["const"]] : values;
    if (!Array.isArray(listed) || listed.length === 0 || listed.length > MOST_VALUES) return "unknown";
    const types = listed.map(literalType);
    return types.every(type => type !== undefined) ? joined([...new Set(types)], " | ") : "unknown";
  }

  #choiceTypes(schema: JsonObject, place: Place): string[] {
    const inside = { ...place, level: place.level + 1 };
    const choices = ["oneOf", "anyOf"].map(keyword => {
      const list = member(schema, keyword);
      if (!Array.isArray(list) || list.length === 0 || list.length > MOST_VALUES) return "unknown";
      const types = new Set(list.map(each => this.#typeOf(each, inside)));
      return types.has("unknown") ? "unknown" : joined([...types], " | ");
    });
    const all = member(schema, "allOf");
    return [...choices, ...(Array.isArray(all) ? all.map(each => this.#typeOf(each, inside)) : [])];
  }

  /** Returns the type that the keyword `type` names, or the one that others mean. */
  #ownType(schema: JsonObject, place: Place): string {
    // The values are of it.
    if (this.#valuesType(schema) !== "unknown") return "unknown";
    const { type } = schema;
    const names = Array.isArray(type) ? type : [type ?? impliedType(schema)];
    const types = new Set(names.map(name => this.#namedType(name, schema, place)));
    return types.has("unknown") ? "unknown" : joined([...types], " | ");
  }

  #namedType(type: unknown, schema: JsonObject, place: Place): string {
    switch (type) {
      case "string":
        return schema["format"] === "binary" ? "string | BinaryValue" : "string";
      case "integer":
        return schema["format"] === "int64" ? "number | bigint" : "number";
      case "number":
      case "boolean":
      case "null":
        return type;
      case "array": {
        const items = member(schema, "items");
        const inside = { ...place, level: place.level + 1, alias: undefined };
        return arrayOf(items === undefined || Array.isArray(items) ? "unknown" : this.#typeOf(items, inside));
      }
      case "object":
        return this.#membersType(schema, place);
      default:
        return "unknown";
    }
  }

  #membersType(schema: JsonObject, place: Place): string {
    const inside = { ...place, level: place.level + 1, alias: undefined };
    const { properties, additionalProperties: others } = schema;
    const names = isJsonObject(properties) ? Object.keys(properties) : [];
    if (names.length === 0) {
      if (others === undefined || others === true) return ANY_OBJECT;
      return `{ [name: string]: ${this.#typeOf(others, inside)} }`;
    }
    const listed: unknown = schema["required"];
    const required = new Set(Array.isArray(listed) ? listed : []);
    const indent = "  ".repeat(place.level + 2);
    const members = names.map(name => {
      const described = (properties as JsonObject)[name];
      const text = isJsonObject(described) ? comment(textOf(described, "description"), indent) : "";
      return `${text}${indent}${memberName(name)}${required.has(name) ? "" : "?"}: ${this.#typeOf(described, inside)};\n`;
    });
    // An index whose type is narrower than those of the members would not compile.
    const isOpen = others === true || isJsonObject(others);
    const index = isOpen ? `${indent}[name: string]: unknown;\n` : "";
    return `{\n${members.join("")}${index}${indent.slice(2)}}`;
  }
}

/** Tells whether a schema is an object and nothing besides, which an interface can be. */
function isPlainObject(schema: JsonObject): boolean {
  const { type = impliedType(schema) } = schema;
  return (
    type === "object" && !["$ref", "enum", "const", "oneOf", "anyOf", "allOf"].some(key => Object.hasOwn(schema, key))
  );
}

/** Returns the type that other keywords mean, if `type` is left out. */
function impliedType(schema: JsonObject): string | undefined {
  if (Object.hasOwn(schema, "properties") || Object.hasOwn(schema, "additionalProperties")) return "object";
  return Object.hasOwn(schema, "items") ? "array" : undefined;
}

function textOf(schema: JsonObject, name: string): string | undefined {
  const text = member(schema, name);
  return typeof text === "string" ? text : undefined;
}

/** Returns the type of a list. */
export function arrayOf(items: string): string {
  return /^[\w."]+$/.test(items) || /^\{[^{}]*\}$/.test(items) ? `${items}[]` : `(${items})[]`;
}

/** Joins types by an operator, each in parentheses if it may have one itself. */
function joined(types: readonly string[], operator: " | " | " & "): string {
  if (types.length === 1) return types[0] ?? "never";
  return types.map(type => (operator === " & " && / \| /.test(type) ? `(${type})` : type)).join(operator);
}
