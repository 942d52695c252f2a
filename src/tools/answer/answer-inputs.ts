import { isJsonObject, type JsonObject, member, objectOf } from "../../base/json-object.ts";

/** Names of the inputs that are about the answer. */
export interface AnswerInputs {
  /** `undefined`: the tool has no such input. */
  readonly select: string | undefined;
  readonly fields: string | undefined;
  readonly cursor: string;
}

/** Returns the names under which a tool has the inputs: its own inputs keep theirs. */
export function answerInputs(schema: JsonObject, inputs: "listed" | "hidden"): AnswerInputs {
  const taken = objectOf(schema.properties);
  const cursor = freeName("cursor", taken);
  return inputs === "listed"
    ? { select: freeName("select", taken), fields: freeName("fields", taken), cursor }
    : { select: undefined, fields: undefined, cursor };
}

/** Returns a name that an object does not have, which begins with `answer_` where it has the given one. */
export function freeName(name: string, taken: JsonObject): string {
  return Object.hasOwn(taken, name) ? freeName(`answer_${name}`, taken) : name;
}

/** Adds the inputs to an input schema, behind its own. */
export function withAnswerInputs(schema: JsonObject, { select, fields, cursor }: AnswerInputs): JsonObject {
  if (select === undefined || fields === undefined) return schema;
  const properties = {
    ...objectOf(schema.properties),
    [select]: { type: "string", description: "JSONPath into the answer" },
    [fields]: { type: "array", items: { type: "string" }, description: "Members of the answer to keep" },
    [cursor]: { type: "string", description: "Continues a cut answer" },
  };
  return { ...schema, properties };
}

/** Arguments, divided into those about the answer and those of the tool. */
export interface DividedArguments {
  /** `undefined` where it is not given. */
  readonly select: unknown;
  readonly fields: unknown;
  readonly cursor: unknown;
  readonly own: unknown;
}

/** Divides the arguments of a call. Arguments that are no object are left to the tool. */
export function divideArguments(given: unknown, { select, fields, cursor }: AnswerInputs): DividedArguments {
  const none = { select: undefined, fields: undefined, cursor: undefined, own: given };
  if (!isJsonObject(given)) return none;
  const names = [select, fields, cursor].filter(name => name !== undefined);
  if (!names.some(name => Object.hasOwn(given, name))) return none;
  const read = (name: string | undefined) => {
    const value = name === undefined ? undefined : member(given, name);
    // Models write an empty one for what they leave out.
    return value === null || value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value;
  };
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
  return { select: read(select), fields: read(fields), cursor: read(cursor), own };
}
