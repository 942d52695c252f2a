import { countOf } from "../count-of.ts";
import { isJsonObject, type JsonObject, member } from "../json-object.ts";
import { isInteger, isNumber, type JsonNumber } from "../numbers/json-number.ts";
import { quoteValue } from "../visible-text.ts";
import { isMultiple } from "./is-multiple.ts";
import type { Keyword, Place } from "./place.ts";
import { canonicalText } from "./same-json.ts";

/**
 * The keywords of JSON Schema 2020-12 that say something of a value, in the order in which they are evaluated. `format`
 * and the others describe. A setting that is malformed says nothing: `schemaProblems` tells it.
 */
export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ["$ref", (reference, place) => place.refer(reference, false)],
  ["$dynamicRef", (reference, place) => place.refer(reference, true)],
  [
    "type",
    (types, place) => {
      const { value } = place;
      const allowed = [types].flat();
      if (!allowed.some(type => isOfType(value, type))) place.fail(`must be ${listed(allowed.map(withArticle))}`);
    },
  ],
  [
    "enum",
    (values, place) => {
      if (!Array.isArray(values)) return;
      place.spend(values.length);
      const text = canonicalText(place.value);
      if (!values.some(value => canonicalText(value) === text))
        place.fail(values.length === 1 ? `must be ${quoteValue(values[0])}` : `must be one of ${shown(values)}`);
    },
  ],
  [
    "const",
    (constant, place) => {
      const { value } = place;
      if (canonicalText(value) !== canonicalText(constant)) place.fail(`must be ${quoteValue(constant)}`);
    },
  ],
  ["minimum", bound((value, limit) => value >= limit, "at least")],
  ["maximum", bound((value, limit) => value <= limit, "at most")],
  ["exclusiveMinimum", bound((value, limit) => value > limit, "greater than")],
  ["exclusiveMaximum", bound((value, limit) => value < limit, "less than")],
  [
    "multipleOf",
    (of, place) => {
      const { value } = place;
      if (isNumber(value) && isNumber(of) && !isMultiple(value, of)) place.fail(`must be a multiple of ${of}`);
    },
  ],
  ["minLength", size(lengthOf, (length, limit) => length >= limit, "must have at least", "character")],
  ["maxLength", size(lengthOf, (length, limit) => length <= limit, "must have at most", "character")],
  [
    "pattern",
    (pattern, place) => {
      const { value, patterns } = place;
      if (typeof value !== "string" || typeof pattern !== "string") return;
      if (patterns.get(pattern)?.(value) === false) place.fail(`must match the pattern ${pattern}`);
    },
  ],
  ["minItems", size(itemCount, (count, limit) => count >= limit, "must have at least", "item")],
  ["maxItems", size(itemCount, (count, limit) => count <= limit, "must have at most", "item")],
  [
    "uniqueItems",
    (isUnique, place) => {
      const { value } = place;
      if (isUnique !== true || !Array.isArray(value)) return;
      place.spend(value.length);
      if (new Set(value.map(canonicalText)).size < value.length) place.fail("must have no two equal items");
    },
  ],
  ["minProperties", size(memberCount, (count, limit) => count >= limit, "must have at least", "member")],
  ["maxProperties", size(memberCount, (count, limit) => count <= limit, "must have at most", "member")],
  [
    "required",
    (names, place) => {
      if (!isJsonObject(place.value) || !Array.isArray(names)) return;
      const { properties } = place.schema;
      // What the other side alone may write cannot be required of this one (OpenAPI 3.0, "Schema Object").
      const own = isJsonObject(properties) ? names.filter(name => !isReadOnly(properties, name)) : names;
      requireMembers(own, place.value, place);
    },
  ],
  [
    "dependentRequired",
    (dependents, place) => {
      if (!isJsonObject(place.value) || !isJsonObject(dependents)) return;
      for (const [name, names] of Object.entries(dependents))
        if (has(place.value, name) && Array.isArray(names)) requireMembers(names, place.value, place);
    },
  ],
  [
    "properties",
    (schemas, place) => {
      const { value, evaluated } = place;
      if (!isJsonObject(value) || !isJsonObject(schemas)) return;
      for (const [name, schema] of Object.entries(schemas)) {
        if (!has(value, name)) continue;
        evaluated.members.add(name);
        place.check(schema, value[name], name);
      }
    },
  ],
  [
    "patternProperties",
    (schemas, place) => {
      const { value, evaluated, patterns } = place;
      if (!isJsonObject(value) || !isJsonObject(schemas)) return;
      for (const [pattern, schema] of Object.entries(schemas)) {
        const matches = patterns.get(pattern);
        for (const [name, part] of Object.entries(value)) {
          place.spend(1);
          if (part === undefined || !matches?.(name)) continue;
          evaluated.members.add(name);
          place.check(schema, part, name);
        }
      }
    },
  ],
  [
    "additionalProperties",
    (schema, place) => {
      const {
        schema: { properties, patternProperties },
        value,
        evaluated,
        patterns,
      } = place;
      if (!isJsonObject(value)) return;
      const named = isJsonObject(properties) ? properties : {};
      const matched = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
      for (const [name, part] of Object.entries(value)) {
        place.spend(1 + matched.length);
        // A pattern that cannot be run may match any name.
        const isOther = !Object.hasOwn(named, name) && !matched.some(pattern => patterns.get(pattern)?.(name) ?? true);
        if (part === undefined || !isOther) continue;
        evaluated.members.add(name);
        place.check(schema, part, name);
      }
    },
  ],
  [
    "propertyNames",
    (schema, place) => {
      const { value } = place;
      if (isJsonObject(value)) for (const name of Object.keys(value)) place.check(schema, name, name);
    },
  ],
  [
    "prefixItems",
    (schemas, place) => {
      const { value, evaluated } = place;
      if (!Array.isArray(value) || !Array.isArray(schemas)) return;
      for (const [index, schema] of schemas.slice(0, value.length).entries()) {
        evaluated.items.add(index);
        place.check(schema, value[index], index);
      }
    },
  ],
  [
    "items",
    (schema, place) => {
      const {
        schema: { prefixItems },
        value,
        evaluated,
      } = place;
      if (!Array.isArray(value)) return;
      const start = Array.isArray(prefixItems) ? prefixItems.length : 0;
      for (let index = start; index < value.length; index++) place.check(schema, value[index], index);
      evaluated.allItems = true;
    },
  ],
  [
    "contains",
    (schema, place) => {
      const { value, schema: own, evaluated } = place;
      if (!Array.isArray(value)) return;
      const found = [...value.keys()].filter(index => place.isValid(schema, value[index]));
      for (const index of found) evaluated.items.add(index);
      const least = typeof own["minContains"] === "number" ? own["minContains"] : 1;
      const most = typeof own["maxContains"] === "number" ? own["maxContains"] : Number.POSITIVE_INFINITY;
      if (found.length < least)
        place.fail(`must hold at least ${countOf(least, "matching item")}, found ${found.length}`);
      if (found.length > most) place.fail(`must hold at most ${countOf(most, "matching item")}, found ${found.length}`);
    },
  ],
  ["allOf", (schemas, place) => each(schemas, schema => place.applies(schema))],
  [
    "anyOf",
    (schemas, place) => {
      if (Array.isArray(schemas) && schemas.filter(schema => place.holds(schema)).length === 0)
        place.fail("fits none of the forms that its schema allows");
    },
  ],
  [
    "oneOf",
    (schemas, place) => {
      if (!Array.isArray(schemas)) return;
      const count = schemas.filter(schema => place.holds(schema)).length;
      if (count === 0) place.fail("fits none of the forms that its schema allows");
      if (count > 1) place.fail("fits several of the forms of which its schema allows one");
    },
  ],
  [
    "not",
    (schema, place) => {
      if (place.isValid(schema, place.value)) place.fail("has a form that its schema excludes");
    },
  ],
  [
    "if",
    (schema, place) => {
      const { then, else: otherwise } = place.schema;
      const branch = place.holds(schema) ? then : otherwise;
      if (branch !== undefined) place.applies(branch);
    },
  ],
  [
    "dependentSchemas",
    (schemas, place) => {
      if (!isJsonObject(place.value) || !isJsonObject(schemas)) return;
      for (const [name, schema] of Object.entries(schemas)) if (has(place.value, name)) place.applies(schema);
    },
  ],
  [
    "unevaluatedItems",
    (schema, place) => {
      const { value, evaluated } = place;
      if (!Array.isArray(value) || evaluated.allItems) return;
      for (const index of value.keys()) if (!evaluated.items.has(index)) place.check(schema, value[index], index);
      evaluated.allItems = true;
    },
  ],
  [
    "unevaluatedProperties",
    (schema, place) => {
      const { value, evaluated } = place;
      if (!isJsonObject(value) || evaluated.allMembers) return;
      for (const [name, part] of Object.entries(value))
        if (part !== undefined && !evaluated.members.has(name)) place.check(schema, part, name);
      evaluated.allMembers = true;
    },
  ],
]);

function each(schemas: unknown, apply: (schema: unknown) => void): void {
  if (Array.isArray(schemas)) for (const schema of schemas) apply(schema);
}

function bound(isWithin: (value: JsonNumber, limit: JsonNumber) => boolean, words: string): Keyword {
  return (limit, place) => {
    const { value } = place;
    if (isNumber(value) && isNumber(limit) && !isWithin(value, limit)) place.fail(`must be ${words} ${limit}`);
  };
}

function size(
  measure: (value: unknown) => number | undefined,
  isWithin: (size: number, limit: number) => boolean,
  words: string,
  noun: string,
): Keyword {
  return (limit, place) => {
    const { value } = place;
    const found = measure(value);
    if (found !== undefined && typeof limit === "number" && !isWithin(found, limit))
      place.fail(`${words} ${countOf(limit, noun)}`);
  };
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  let length = 0;
  for (let index = 0; index < value.length; length++) index += (value.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return length;
}

function itemCount(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function memberCount(value: unknown): number | undefined {
  return isJsonObject(value) ? Object.values(value).filter(part => part !== undefined).length : undefined;
}

function isReadOnly(properties: JsonObject, name: unknown): boolean {
  const property = typeof name === "string" ? member(properties, name) : undefined;
  return isJsonObject(property) && property["readOnly"] === true;
}

function requireMembers(names: readonly unknown[], value: JsonObject, place: Place): void {
  const missing = names.filter(name => typeof name === "string" && !has(value, name));
  if (missing.length > 0)
    place.fail(
      `must have ${listed(
        missing.map(name => JSON.stringify(name)),
        "and",
      )}`,
    );
}

function has(value: JsonObject, name: string): boolean {
  return member(value, name) !== undefined;
}

/** Tells whether a value is of a type of JSON Schema. */
function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "boolean":
    case "string":
      return typeof value === type;
    case "number":
      return isNumber(value);
    case "integer":
      return isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    default:
      return true;
  }
}

function withArticle(type: unknown): string {
  if (type === "null") return "null";
  return /^[aio]/.test(String(type)) ? `an ${type}` : `a ${type}`;
}

/** Most values of an `enum` that a message shows. */
const MOST_VALUES = 12;

function shown(values: readonly unknown[]): string {
  const texts = values.slice(0, MOST_VALUES).map(value => quoteValue(value));
  return values.length > MOST_VALUES ? `${texts.join(", ")} and ${values.length - MOST_VALUES} more` : listed(texts);
}

function listed(texts: readonly string[], word = "or"): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${word} ${texts.at(-1)}`;
}
