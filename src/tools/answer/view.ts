import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, type JsonObject, objectOf } from "../../base/json-object.ts";
import { setMember } from "../../base/set-member.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { compileFinder } from "../../engine/outputs/compile-json-path.ts";
import { type JsonPath, parseWrittenPath } from "../../language/expression/json-path.ts";
import { createPath } from "../../language/expression/json-path-steps.ts";
import type { AnswerInputs, DividedArguments } from "./answer-inputs.ts";

/** The part of an answer that its reader wants. */
export interface View {
  /** Equal for equal views; empty for the whole answer. */
  readonly key: string;
  /** @throws ViewProblem */
  read(value: unknown): Viewed;
}

interface Viewed {
  readonly value: unknown;
  /** Something that the reader should know. */
  readonly note: string | undefined;
}

/** A view that cannot be read, or that does not fit the answer. */
export class ViewProblem extends Error {}

const WHOLE: View = { key: "", read: value => ({ value, note: undefined }) };

/**
 * Compiles the view that arguments ask for.
 *
 * @throws ViewProblem
 */
export function compileView({ select, fields }: DividedArguments, inputs: AnswerInputs): View {
  if (select === undefined && fields === undefined) return WHOLE;
  const find = select === undefined ? undefined : compileSelect(select, inputs.select ?? "select");
  const kept = fields === undefined ? undefined : readFields(fields, inputs.fields ?? "fields");
  return {
    key: JSON.stringify([select, fields]),
    read(value) {
      const selected = find === undefined ? value : find(value);
      return kept === undefined
        ? { value: selected, note: undefined }
        : keep(selected, kept, inputs.fields ?? "fields");
    },
  };
}

// ---- select ----

type Find = (value: unknown) => unknown;

function compileSelect(given: unknown, input: string): Find {
  const refuse = (reason: string) =>
    new ViewProblem(`Cannot read "${input}" ${quoteValue(given)} as JSONPath: ${reason}`);
  if (typeof given !== "string") throw refuse("it is not a text");
  const parsed = parseWrittenPath(given);
  if (!parsed.ok) throw refuse(parsed.reason);
  const { path } = parsed;
  const read = attempt(() => compileFinder(path), refuse);
  return value => {
    if (typeof value === "string") throw new ViewProblem(`"${input}" finds nothing: the answer is a text and no JSON`);
    const found = attempt(() => read(value), refuse);
    if (found === undefined || isEmptyList(found)) {
      const missing = missingMember(path, value);
      if (missing !== undefined) throw new ViewProblem(`"${input}" ${quoteValue(given)} finds nothing: ${missing}`);
    }
    return found ?? null;
  };
}

/** Does something whose error is one of the path. */
function attempt<Value>(action: () => Value, refuse: (reason: string) => Error): Value {
  try {
    return action();
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

/** Says which member of a path the value does not have. `undefined` where it ends for another reason, such as a filter. */
function missingMember({ steps }: JsonPath, value: unknown): string | undefined {
  let found: unknown = value;
  for (const [index, step] of steps.entries()) {
    const before = found;
    const path = createPath("$", steps.slice(0, index + 1));
    found = compileFinder(path)(value);
    if (found !== undefined && !isEmptyList(found)) continue;
    if (step.kind !== "member") return undefined;
    const isOfMany = !createPath("$", steps.slice(0, index)).definite;
    const objects = (isOfMany && Array.isArray(before) ? before : [before]).filter(isJsonObject);
    if (objects.length > 0) return `there is no member ${unknownName(step.name, objects)}`;
    return Array.isArray(before)
      ? `member ${quoteValue(step.name)} is asked of a list: write [*] before it`
      : `member ${quoteValue(step.name)} is asked of ${quoteValue(before)}`;
  }
  return undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

// ---- fields ----

const MOST_FIELDS = 200;

/** Names on the way to a member. */
type Field = readonly string[];

function readFields(given: unknown, input: string): readonly Field[] {
  const list = typeof given === "string" ? given.split(",") : given;
  const isList = Array.isArray(list) && list.length > 0 && list.length <= MOST_FIELDS;
  if (!isList || !list.every(field => typeof field === "string" && field.trim() !== ""))
    throw new ViewProblem(
      `Cannot read "${input}" ${quoteValue(given)}: it is a list of names such as ["id", "owner.name"]`,
    );
  return (list as string[]).map(field => field.trim().replace(/^\$\./, "").replaceAll("[*]", "").split("."));
}

/** Keeps members of an object, or of each item of a list. */
function keep(value: unknown, fields: readonly Field[], input: string): Viewed {
  const records = recordsOf(value, fields);
  if (records.objects.length === 0) return { value, note: undefined };
  const unknown = fields.filter(([name = ""]) => !records.objects.some(object => Object.hasOwn(object, name)));
  const note =
    unknown.length === 0
      ? undefined
      : `"${input}": no object has the member ${unknownName(unknown[0]?.[0] ?? "", records.objects)}`;
  if (unknown.length === fields.length) throw new ViewProblem(note ?? "");
  const { within } = records;
  if (within === undefined) return { value: keepOf(value, fields, 0), note };
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(objectOf(value)))
    setMember(kept, name, name === within ? keepOf(member, fields, 0) : member);
  return { value: kept, note };
}

interface Records {
  readonly objects: readonly JsonObject[];
  /** Name of the list that holds them. `undefined`: they are the value or its items. */
  readonly within: string | undefined;
}

/** Finds the objects that fields are meant of: the value or its items, or the items of its only list of objects. */
function recordsOf(value: unknown, fields: readonly Field[]): Records {
  if (Array.isArray(value)) return { objects: value.filter(isJsonObject), within: undefined };
  if (!isJsonObject(value)) return { objects: [], within: undefined };
  const isOwn = fields.some(([name = ""]) => Object.hasOwn(value, name));
  const lists = Object.keys(value).filter(name => Array.isArray(value[name]) && value[name].some(isJsonObject));
  const [only] = lists;
  if (isOwn || only === undefined || lists.length > 1) return { objects: [value], within: undefined };
  return { objects: (value[only] as unknown[]).filter(isJsonObject), within: only };
}

/** Deepest lists of lists that are looked into. */
const DEEPEST_LISTS = 100;

/** @param depth names of the fields that lead to the value */
function keepOf(value: unknown, fields: readonly Field[], depth: number, lists = 0): unknown {
  if (Array.isArray(value) && lists < DEEPEST_LISTS) return value.map(item => keepOf(item, fields, depth, lists + 1));
  if (!isJsonObject(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const name of new Set(fields.map(field => field[depth] as string))) {
    if (!Object.hasOwn(value, name)) continue;
    const ofName = fields.filter(field => field[depth] === name);
    const isWhole = ofName.some(field => field.length === depth + 1);
    setMember(kept, name, isWhole ? value[name] : keepOf(value[name], ofName, depth + 1));
  }
  return kept;
}

// ---- Names ----

const MOST_OBJECTS = 100;
const MOST_NAMES = 20;

/** Quotes a name that objects do not have, with the nearest ones that they have, or all if none is near. */
function unknownName(name: string, objects: readonly JsonObject[]): string {
  const names = new Set<string>();
  for (const object of objects.slice(0, MOST_OBJECTS)) for (const own in object) names.add(own);
  const known = [...names].slice(0, 1_000);
  const near = suggest(name, known);
  if (near.length > 0) return quoteValue(name) + didYouMean(near);
  const shown = known.slice(0, MOST_NAMES).map(own => quoteValue(own));
  if (known.length > shown.length) shown.push(`${names.size - shown.length} more`);
  return `${quoteValue(name)}; there are ${shown.join(", ") || "none"}`;
}
