import { countOf } from "../../../base/count-of.ts";
import { getOrSet } from "../../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, member, objectOf } from "../../../base/json-object.ts";
import { pointedValue, referenceSegments } from "../../../base/json-pointer.ts";
import { canonicalText } from "../../../base/json-schema/same-json.ts";
import { asDouble } from "./as-double.ts";
import { type ReportChange, shownValue } from "./change.ts";

/** Side of a call that a schema describes: what a caller gives, or what a caller gets. */
type SchemaSide = "input" | "answer";

/** Most schemas that are compared for one value: a recursive pair ends by itself, a wide one here. */
const MOST_COMPARED = 2_000;

/** Most references from one to the next. */
const MOST_STEPS = 50;

/**
 * Compares the schemas of a value. An input breaks callers where it takes less than before, an answer where it may be
 * something that it was not.
 *
 * @param what the value in words: "input \"limit\"", "the answer"
 */
export function compareSchemas(
  what: string,
  [before, after]: readonly [before: unknown, after: unknown],
  side: SchemaSide,
  report: ReportChange,
): void {
  new SchemaComparison(before, after, side, report).compare(what, before, after);
}

class SchemaComparison {
  readonly #before: unknown;
  readonly #after: unknown;
  readonly #side: SchemaSide;
  readonly #report: ReportChange;
  readonly #compared = new Map<unknown, Set<unknown>>();
  #count = 0;

  constructor(before: unknown, after: unknown, side: SchemaSide, report: ReportChange) {
    this.#before = before;
    this.#after = after;
    this.#side = side;
    this.#report = report;
  }

  compare(what: string, givenBefore: unknown, givenAfter: unknown): void {
    const was = target(givenBefore, this.#before);
    const is = target(givenAfter, this.#after);
    if (was === is || this.#isCompared(was, is)) return;
    const before = joined(was, this.#before);
    const after = joined(is, this.#after);
    if (!isJsonObject(before) || !isJsonObject(after)) {
      if (isJsonObject(before) !== isJsonObject(after) && !isEmpty(before) && !isEmpty(after))
        this.#report(true, `${what} has another schema`);
      return;
    }
    if (this.#compareTypes(what, before, after)) return;
    this.#compareValues(what, before, after);
    if (this.#side === "input") this.#compareBounds(what, before, after);
    this.#compareMembers(what, before, after);
    this.#comparePart(`${what}[]`, before["items"], after["items"]);
    this.#compareOtherMembers(what, before, after);
    for (const keyword of ["allOf", "anyOf", "oneOf"]) this.#compareChoices(what, keyword, before, after);
  }

  #isCompared(before: unknown, after: unknown): boolean {
    if (++this.#count > MOST_COMPARED) return true;
    const others = getOrSet(this.#compared, before, () => new Set());
    if (others.has(after)) return true;
    others.add(after);
    return false;
  }

  /** @returns whether the types differ so that nothing else can be compared */
  #compareTypes(what: string, before: JsonObject, after: JsonObject): boolean {
    const were = typesOf(before);
    const are = typesOf(after);
    if (were === undefined && are === undefined) return false;
    const gone = were === undefined ? [] : were.filter(type => are !== undefined && !accepts(are, type));
    const added = are === undefined ? [] : are.filter(type => were !== undefined && !accepts(were, type));
    const isNarrower = gone.length > 0 || (were === undefined && are !== undefined);
    const isWider = added.length > 0 || (are === undefined && were !== undefined);
    if (!isNarrower && !isWider) return false;
    const isBreaking = this.#side === "input" ? isNarrower : isWider;
    this.#report(isBreaking, `${what} is ${typeText(are)}, and was ${typeText(were)}`);
    return were !== undefined && are !== undefined && !were.some(type => accepts(are, type));
  }

  #compareValues(what: string, before: JsonObject, after: JsonObject): void {
    const were = valuesOf(before);
    const are = valuesOf(after);
    if (are !== undefined && were === undefined)
      this.#report(this.#side === "input", `${what} has a fixed list of values now: ${shownList(are)}`);
    else if (were !== undefined && are === undefined)
      this.#report(false, `${what} has no fixed list of values any more`);
    if (were === undefined || are === undefined) return;
    const gone = without(were, are);
    const added = without(are, were);
    if (gone.length > 0)
      this.#report(this.#side === "input", `${what} has ${shownList(gone)} no more among its values`);
    if (added.length > 0) this.#report(false, `${what} has ${shownList(added)} among its values now`);
  }

  #compareBounds(what: string, before: JsonObject, after: JsonObject): void {
    for (const [keyword, direction] of Object.entries(BOUNDS)) {
      const was = asDouble(before[keyword]);
      const is = asDouble(after[keyword]);
      if (was === is || (typeof was !== "number" && typeof is !== "number")) continue;
      const isNarrower = typeof is === "number" && (typeof was !== "number" || (is - was) * direction > 0);
      this.#report(isNarrower, `${what} has ${keyword} ${shownBound(is)}, and had ${shownBound(was)}`);
    }
    for (const keyword of ["pattern", "format", "multipleOf", "uniqueItems"]) {
      const was = asDouble(before[keyword]);
      const is = asDouble(after[keyword]);
      if (was === is) continue;
      this.#report(
        is !== undefined && keyword !== "format",
        `${what} has ${keyword} ${shownBound(is)}, and had ${shownBound(was)}`,
      );
    }
  }

  #compareMembers(what: string, before: JsonObject, after: JsonObject): void {
    const were = objectOf(before["properties"]);
    const are = objectOf(after["properties"]);
    const wereRequired = namesOf(before["required"]);
    const areRequired = namesOf(after["required"]);
    const isInput = this.#side === "input";
    for (const name of Object.keys(were)) {
      const place = `${what}: ${JSON.stringify(name)}`;
      if (!Object.hasOwn(are, name)) {
        // An object that takes any member takes this one too, but the API no longer knows it.
        this.#report(true, `${place} is gone`);
        continue;
      }
      if (areRequired.has(name) && !wereRequired.has(name)) this.#report(isInput, `${place} is required now`);
      if (wereRequired.has(name) && !areRequired.has(name)) this.#report(!isInput, `${place} is optional now`);
      this.compare(place, were[name], are[name]);
    }
    for (const name of Object.keys(are)) {
      if (Object.hasOwn(were, name)) continue;
      const isRequired = areRequired.has(name);
      this.#report(
        isInput && isRequired,
        `${what}: ${JSON.stringify(name)} is new${isRequired && isInput ? " and required" : ""}`,
      );
    }
  }

  /** Compares schemas that say nothing where they are missing. */
  #comparePart(what: string, before: unknown, after: unknown): void {
    if (before !== undefined || after !== undefined) this.compare(what, open(before), open(after));
  }

  #compareOtherMembers(what: string, before: JsonObject, after: JsonObject): void {
    const was = before["additionalProperties"];
    const is = after["additionalProperties"];
    const isInput = this.#side === "input";
    if (is === false && was !== false) this.#report(isInput, `${what} has no other members any more`);
    else if (was === false && is !== false) this.#report(false, `${what} may have other members now`);
    else if (is !== false) this.#comparePart(`each other member of ${what}`, was, is);
  }

  /** Choices have no names: those of the same place are compared, if there are as many. */
  #compareChoices(what: string, keyword: string, before: JsonObject, after: JsonObject): void {
    const were = listOf(before[keyword]);
    const are = listOf(after[keyword]);
    if (were.length === are.length)
      for (const [index, schema] of were.entries()) this.compare(what, schema, are[index]);
    else
      this.#report(
        // Any number of choices allows less than none does; of `allOf`, each one allows less.
        (this.#side === "input") ===
          (keyword === "allOf" || were.length === 0 || are.length === 0
            ? were.length < are.length
            : were.length > are.length),
        `${what} has ${countOf(are.length, "schema")} in ${keyword}, and had ${were.length}`,
      );
  }
}

/** Bounds, and whether a caller may give less where they grow (1) or where they shrink (-1). */
const BOUNDS: Readonly<Record<string, 1 | -1>> = {
  minimum: 1,
  exclusiveMinimum: 1,
  minLength: 1,
  minItems: 1,
  minProperties: 1,
  maximum: -1,
  exclusiveMaximum: -1,
  maxLength: -1,
  maxItems: -1,
  maxProperties: -1,
};

/** Follows references within a schema. */
function target(schema: unknown, root: unknown): unknown {
  let found = schema;
  for (let steps = 0; steps < MOST_STEPS && isJsonObject(found); steps++) {
    const reference = member(found, "$ref");
    const segments = typeof reference === "string" ? referenceSegments(reference) : undefined;
    if (segments === undefined) return found;
    found = pointedValue(root, segments);
  }
  return found;
}

/** Returns a schema with the parts of its `allOf`, as far as they say different things. */
function joined(schema: unknown, root: unknown): unknown {
  if (!isJsonObject(schema) || !Array.isArray(schema["allOf"])) return schema;
  const { allOf, ...own } = schema;
  const whole: Record<string, unknown> = { ...own };
  const left: unknown[] = [];
  for (const given of allOf as readonly unknown[]) {
    const part = target(given, root);
    if (!isJsonObject(part) || !Object.keys(part).every(name => canJoin(name, whole, part))) left.push(given);
    else
      for (const [name, value] of Object.entries(part))
        whole[name] =
          name === "properties"
            ? { ...objectOf(whole[name]), ...objectOf(value) }
            : name === "required"
              ? [...new Set([...listOf(whole[name]), ...listOf(value)])]
              : value;
  }
  return left.length === 0 ? whole : { ...whole, allOf: left };
}

function canJoin(name: string, whole: JsonObject, part: JsonObject): boolean {
  if (name === "allOf") return false;
  if (!Object.hasOwn(whole, name) || TEXTS.has(name) || name === "required") return true;
  if (name === "properties")
    return !Object.keys(objectOf(part[name])).some(member => Object.hasOwn(objectOf(whole[name]), member));
  return canonicalText(whole[name]) === canonicalText(part[name]);
}

/** Keywords that allow and forbid nothing. */
const TEXTS: ReadonlySet<string> = new Set(["title", "description", "$comment"]);

function open(schema: unknown): unknown {
  return schema === undefined || schema === true ? {} : schema;
}

function isEmpty(schema: unknown): boolean {
  return schema === undefined || schema === true || (isJsonObject(schema) && Object.keys(schema).length === 0);
}

function typesOf({ type }: JsonObject): string[] | undefined {
  if (typeof type === "string") return type === "any" ? undefined : [type];
  return Array.isArray(type) ? type.map(String) : undefined;
}

function accepts(types: readonly string[], type: string): boolean {
  return types.includes(type) || (type === "integer" && types.includes("number"));
}

function typeText(types: readonly string[] | undefined): string {
  return types === undefined ? "of any type" : types.join(" or ");
}

function valuesOf(schema: JsonObject): unknown[] | undefined {
  if (Array.isArray(schema["enum"])) return schema["enum"];
  return Object.hasOwn(schema, "const") ? [schema["const"]] : undefined;
}

/** Returns the values that are not among others. */
function without(values: readonly unknown[], others: readonly unknown[]): unknown[] {
  const texts = new Set(others.map(canonicalText));
  return values.filter(value => !texts.has(canonicalText(value)));
}

const MOST_SHOWN = 5;

function shownList(values: readonly unknown[]): string {
  const more = values.length - MOST_SHOWN;
  return `${values.slice(0, MOST_SHOWN).map(shownValue).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function shownBound(bound: unknown): string {
  return bound === undefined ? "none" : shownValue(bound);
}

function namesOf(value: unknown): ReadonlySet<unknown> {
  return new Set(listOf(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
