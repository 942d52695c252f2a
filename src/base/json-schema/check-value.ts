import { isObject } from "../json-object.ts";
import { pointerSegment } from "../json-pointer.ts";
import { keywords } from "./keywords.ts";
import type { Evaluated, Patterns, Place, ValueProblem } from "./place.ts";
import type { Resource, Schema, SchemaDocument } from "./schema-document.ts";

/** Most problems that are told. */
const MOST_PROBLEMS = 20;
/** Most keywords that are looked at for one value: schemas that refer to themselves may multiply. */
const MOST_STEPS = 1_000_000;
/** Most levels of schemas that are evaluated in one another. */
const DEEPEST = 500;

/** Checks a value against a schema document. Returns the problems, none for a valid one. */
export function checkValue(document: SchemaDocument, value: unknown, patterns: Patterns): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  const owner = document.ownerOf(document.root);
  new Evaluation(document, patterns).evaluate(document.root, value, {
    pointer: "",
    problems,
    resources: owner === undefined ? [] : [owner],
    depth: 0,
  });
  return problems.slice(0, MOST_PROBLEMS);
}

interface At {
  readonly pointer: string;
  readonly problems: ValueProblem[];
  /** Resources that were entered, the outermost first: the dynamic scope. */
  readonly resources: readonly Resource[];
  readonly depth: number;
}

class Evaluation {
  readonly #document: SchemaDocument;
  readonly #patterns: Patterns;
  #steps = 0;

  constructor(document: SchemaDocument, patterns: Patterns) {
    this.#document = document;
    this.#patterns = patterns;
  }

  /** Evaluates a schema, adds its problems, and returns what it has looked at. */
  evaluate(schema: Schema, value: unknown, at: At): Evaluated {
    const { pointer, problems } = at;
    const evaluated: Evaluated = { members: new Set(), allMembers: false, items: new Set(), allItems: false };
    const fail = (message: string) => {
      problems.push({ pointer, message, found: value });
    };
    if (typeof schema === "boolean") {
      if (!schema) fail("is not allowed");
      return evaluated;
    }
    if (at.depth > DEEPEST) throw new RangeError("its schema nests too deeply");
    const owner = this.#document.ownerOf(schema) ?? at.resources.at(-1);
    const resources = owner === undefined || owner === at.resources.at(-1) ? at.resources : [...at.resources, owner];
    const inner = { ...at, resources, depth: at.depth + 1 };
    const place: Place = {
      schema,
      value,
      pointer,
      evaluated,
      patterns: this.#patterns,
      fail,
      check: (part, found, segment) => {
        const before = problems.length;
        const place = segment === undefined ? pointer : `${pointer}/${pointerSegment(String(segment))}`;
        this.#evaluatePart(part, found, { ...inner, pointer: place });
        return problems.length === before;
      },
      applies: part => {
        const looked = this.#evaluatePart(part, value, inner);
        if (looked !== undefined) merge(evaluated, looked);
      },
      isValid: (part, found) => {
        const own: ValueProblem[] = [];
        this.#evaluatePart(part, found, { ...inner, problems: own });
        return own.length === 0;
      },
      holds: part => {
        const own: ValueProblem[] = [];
        const looked = this.#evaluatePart(part, value, { ...inner, problems: own });
        if (own.length === 0 && looked !== undefined) merge(evaluated, looked);
        return own.length === 0;
      },
      refer: (reference, isDynamic) => {
        const looked = this.#refer(reference, isDynamic, value, inner);
        if (looked !== undefined) merge(evaluated, looked);
      },
      spend: steps => this.#spend(steps),
    };
    // In the order of the table: `unevaluated…` comes behind what it depends on.
    for (const [name, keyword] of keywords) {
      if (!Object.hasOwn(schema, name)) continue;
      this.#spend(1);
      keyword(schema[name], place);
    }
    return evaluated;
  }

  #evaluatePart(schema: unknown, value: unknown, at: At): Evaluated | undefined {
    if (typeof schema !== "boolean" && (!isObject(schema) || Array.isArray(schema))) return undefined;
    return this.evaluate(schema, value, at);
  }

  #refer(reference: unknown, isDynamic: boolean, value: unknown, at: At): Evaluated | undefined {
    const from = at.resources.at(-1);
    if (typeof reference !== "string" || from === undefined) return undefined;
    const found = this.#document.find(reference, from);
    if (found === undefined) throw new Error(`its schema refers to ${JSON.stringify(reference)}, which is not in it`);
    let { schema, resource } = found;
    const anchor = reference.slice(reference.indexOf("#") + 1);
    // The outermost schema with the anchor counts (Core, 8.2.3.2).
    if (isDynamic && found.resource.dynamicAnchors.get(anchor) === schema) {
      const outermost = at.resources.find(candidate => candidate.dynamicAnchors.has(anchor));
      resource = outermost ?? resource;
      schema = outermost?.dynamicAnchors.get(anchor) ?? schema;
    }
    const resources = resource === from ? at.resources : [...at.resources, resource];
    return this.evaluate(schema, value, { ...at, resources });
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new RangeError("its schema takes too long to check");
  }
}

/** Adds what a schema within another has looked at. */
function merge(into: Evaluated, { members, allMembers, items, allItems }: Evaluated): void {
  for (const name of members) into.members.add(name);
  for (const index of items) into.items.add(index);
  into.allMembers ||= allMembers;
  into.allItems ||= allItems;
}
