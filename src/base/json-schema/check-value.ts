import { isObject } from "../json-object.ts";
import { pointerSegment } from "../json-pointer.ts";
import { keywords } from "./keywords.ts";
import type { Evaluated, Keyword, Patterns, Place, ValueProblem } from "./place.ts";
import { isSchema, type Resource, type Schema, type SchemaDocument } from "./schema-document.ts";

/** Most problems that are told. */
const MOST_PROBLEMS = 20;
/** Most schemas and keywords that are looked at for one value: schemas that refer to themselves may multiply. */
const MOST_STEPS = 500_000;
/** Further ones for each part of a large value. */
const STEPS_A_PART = 50;
/** Most levels of schemas that are evaluated in one another. */
const DEEPEST = 500;

/** Checks a value against a schema document. Returns the problems, none for a valid one. */
export function checkValue(document: SchemaDocument, value: unknown, patterns: Patterns): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  const owner = document.ownerOf(document.root);
  const start = { pointer: "", problems, resources: owner === undefined ? [] : [owner], depth: 0 };
  evaluate(document.root, value, start, { document, patterns, value, left: MOST_STEPS, isExtended: false });
  return problems.slice(0, MOST_PROBLEMS);
}

/** What all schemas of one check share. */
interface Check {
  readonly document: SchemaDocument;
  readonly patterns: Patterns;
  /** The whole value. */
  readonly value: unknown;
  /** Steps that may still be taken. */
  left: number;
  isExtended: boolean;
}

interface At {
  readonly pointer: string;
  readonly problems: ValueProblem[];
  /** Resources that were entered, the outermost first: the dynamic scope. */
  readonly resources: readonly Resource[];
  readonly depth: number;
}

/** Evaluates a schema, adds its problems, and returns what it has looked at. */
function evaluate(schema: Schema, value: unknown, at: At, check: Check): Evaluated {
  spend(check, 1);
  if (typeof schema === "boolean") {
    if (!schema) addProblem(at, value, "is not allowed");
    return UNTRACKED;
  }
  if (at.depth > DEEPEST) throw new RangeError("its schema nests too deeply");
  const owner = check.document.ownerOf(schema) ?? at.resources.at(-1);
  const resources = owner === undefined || owner === at.resources.at(-1) ? at.resources : [...at.resources, owner];
  const place = new SchemaPlace(schema, value, { ...at, resources, depth: at.depth + 1 }, check);
  for (const [keyword, setting] of keywordsOf(schema)) {
    spend(check, 1);
    keyword(setting, place);
  }
  return place.evaluated;
}

function spend(check: Check, steps: number): void {
  check.left -= steps;
  if (check.left >= 0) return;
  if (check.isExtended) throw new RangeError("its schema takes too long to check");
  // Few values are so large that their parts have to be counted.
  check.isExtended = true;
  check.left += STEPS_A_PART * partCount(check.value);
  spend(check, 0);
}

function partCount(value: unknown): number {
  if (!isObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + partCount(part), 1);
}

function addProblem({ problems, pointer }: At, found: unknown, message: string): void {
  // The number of the others tells nothing that the first ones do not.
  if (problems.length < MOST_PROBLEMS) problems.push({ pointer, message, found });
}

/** The keywords of a schema, found once. */
const known = new WeakMap<object, readonly (readonly [keyword: Keyword, setting: unknown])[]>();

/** Returns the keywords of a schema in the order of the table: `unevaluated…` comes behind what it depends on. */
function keywordsOf(schema: Readonly<Record<string, unknown>>): readonly (readonly [Keyword, unknown])[] {
  let found = known.get(schema);
  if (found === undefined) {
    found = [...keywords].flatMap(([name, keyword]) =>
      Object.hasOwn(schema, name) ? [[keyword, schema[name]] as const] : [],
    );
    known.set(schema, found);
  }
  return found;
}

class SchemaPlace implements Place {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly evaluated: Evaluated;
  readonly patterns: Patterns;
  readonly #at: At;
  readonly #check: Check;

  constructor(schema: Readonly<Record<string, unknown>>, value: unknown, at: At, check: Check) {
    this.schema = schema;
    this.value = value;
    this.evaluated = check.document.isTracked ? newEvaluated() : UNTRACKED;
    this.patterns = check.patterns;
    this.#at = at;
    this.#check = check;
  }

  fail(message: string): void {
    addProblem(this.#at, this.value, message);
  }

  check(schema: unknown, value: unknown, segment: string | number): void {
    this.#evaluate(schema, value, { ...this.#at, pointer: `${this.#at.pointer}/${pointerSegment(String(segment))}` });
  }

  applies(schema: unknown): void {
    this.#merge(this.#evaluate(schema, this.value, this.#at));
  }

  holds(schema: unknown): boolean {
    const problems: ValueProblem[] = [];
    const looked = this.#evaluate(schema, this.value, { ...this.#at, problems });
    if (problems.length === 0) this.#merge(looked);
    return problems.length === 0;
  }

  isValid(schema: unknown, value: unknown): boolean {
    const problems: ValueProblem[] = [];
    this.#evaluate(schema, value, { ...this.#at, problems });
    return problems.length === 0;
  }

  refer(reference: unknown, isDynamic: boolean): void {
    const from = this.#at.resources.at(-1);
    if (typeof reference !== "string" || from === undefined) return;
    const found = this.#check.document.find(reference, from);
    if (found === undefined) throw new Error(`its schema refers to ${JSON.stringify(reference)}, which is not in it`);
    let { schema, resource } = found;
    const anchor = reference.slice(reference.indexOf("#") + 1);
    // The outermost schema with the anchor counts (Core, 8.2.3.2).
    if (isDynamic && resource.dynamicAnchors.get(anchor) === schema) {
      const outermost = this.#at.resources.find(candidate => candidate.dynamicAnchors.has(anchor));
      resource = outermost ?? resource;
      schema = outermost?.dynamicAnchors.get(anchor) ?? schema;
    }
    const resources = resource === from ? this.#at.resources : [...this.#at.resources, resource];
    this.#merge(evaluate(schema, this.value, { ...this.#at, resources }, this.#check));
  }

  spend(steps: number): void {
    spend(this.#check, steps);
  }

  #evaluate(schema: unknown, value: unknown, at: At): Evaluated | undefined {
    return isSchema(schema) ? evaluate(schema, value, at, this.#check) : undefined;
  }

  /** Adds what a schema for the same value has looked at. */
  #merge(looked: Evaluated | undefined): void {
    const { evaluated } = this;
    if (looked === undefined || looked === UNTRACKED || evaluated === UNTRACKED) return;
    for (const name of looked.members) evaluated.members.add(name);
    for (const index of looked.items) evaluated.items.add(index);
    evaluated.allMembers ||= looked.allMembers;
    evaluated.allItems ||= looked.allItems;
  }
}

function newEvaluated(): Evaluated {
  return { members: new Set(), allMembers: false, items: new Set(), allItems: false };
}

/** A set that keeps nothing: most documents ask for nothing that was not evaluated. */
class EmptySet<Item> extends Set<Item> {
  override add(): this {
    return this;
  }
}

const UNTRACKED: Evaluated = { members: new EmptySet(), allMembers: false, items: new EmptySet(), allItems: false };
