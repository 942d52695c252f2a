import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, isObject } from "../../base/json-object.ts";
import { isJsonType } from "../../base/media-types.ts";
import { isInteger, isNumber } from "../../base/numbers/json-number.ts";
import { thrownText } from "../../base/thrown-text.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { InputType } from "../../language/document/input-schema.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import { NOT_DECLARED, undeclaredText } from "../../language/model/undeclared-name.ts";
import { isBinary } from "./binary-value.ts";
import { jsonText } from "./bodies/json.ts";
import { declaredContentType } from "./content-type.ts";
import { parseGiven } from "./given-json.ts";
import type { InputChecks } from "./input-checks.ts";
import { inputInvalid, joinInvalid } from "./input-error.ts";
import { readScalar } from "./read-text.ts";
import { isSecretInput } from "./secret-input.ts";

/** Most inputs that an error message names. An operation may have hundreds. */
const MOST_NAMES = 8;

/** The declaration of what a caller may give: of an operation, or of something that a capability exposes. */
export type DeclaredInputs = Pick<Operation, "name" | "inputs" | "parameters">;

/** Values given by a caller, by input key. */
export type Inputs = Readonly<Record<string, unknown>>;

/**
 * Checks a caller's values against the declared inputs: every name is known, every value fits its declared type and its
 * schema, every required input is there. `undefined` counts as absent, and so does `null` outside a body.
 *
 * @returns the values by input key, absent ones left out
 * @throws CapabilityError `INPUT_UNKNOWN`, `INPUT_INVALID` or `INPUT_MISSING`; the latter two tell all problems
 * @throws TypeError for inputs that are no object
 */
export function checkInputs(operation: DeclaredInputs, given: Inputs, checks: InputChecks): Map<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError("Inputs must be an object of values by input name");
  const values = new Map<string, unknown>();
  const keys = namesOf(given);
  if (keys.some(key => !operation.inputs.has(key))) {
    throw unknownInputs(
      operation,
      keys.filter(key => !operation.inputs.has(key)),
    );
  }
  let invalid: CapabilityError<"INPUT_INVALID">[] | undefined;
  for (const key of keys) {
    const input = operation.inputs.get(key);
    if (input === undefined) continue;
    try {
      const value = given[key];
      if (isAbsent(value, input)) continue;
      const typed = checkType(operation, input, value, given);
      checks.get(key)?.(typed);
      values.set(key, typed);
    } catch (error) {
      invalid ??= [];
      // Anything else comes from a getter, or a trap of a proxy.
      if (isCapabilityError(error, "INPUT_INVALID")) invalid.push(error);
      else invalid.push(inputInvalid(operation, key, `cannot be read: ${thrownText(error)}`, error));
    }
  }
  if (invalid !== undefined) throw joinInvalid(operation, invalid);
  let missing: string[] | undefined;
  for (const [key, input] of operation.inputs) {
    if (!input.required || values.has(key)) continue;
    missing ??= [];
    missing.push(key);
  }
  if (missing !== undefined) throw undeclaredVariables(operation, missing) ?? missingInputs(operation, missing);
  return values;
}

function namesOf(given: Inputs): string[] {
  try {
    return Object.keys(given);
  } catch (cause) {
    throw new TypeError("Inputs must be an object of values by input name", { cause });
  }
}

/** Tells whether `null` is a value: of a member of a body, and of a placeholder, which may stand in one. */
function mayBeNull({ in: location, name }: Input): boolean {
  return location === "template" || (location === "body" && name !== "body");
}

function isAbsent(value: unknown, input: Input): boolean {
  return value === undefined || (value === null && !mayBeNull(input));
}

/**
 * Returns a value in the input's declared type.
 *
 * @param given the inputs of the call, which may declare the content type of the body
 * @throws CapabilityError `INPUT_INVALID`
 */
export function checkType(operation: DeclaredInputs, input: Input, value: unknown, given: Inputs): unknown {
  if (isBinary(value)) {
    if (input.in === "body" || input.in === "template") return value;
    throw inputInvalid(operation, input.key, "is a file, which only a body can hold");
  }
  if (isJsonText(input, value)) {
    const parsed = parseGiven(value);
    const isText = !parsed.ok || !isObject(parsed.value);
    // For example XML: files declare every body as an object.
    if (isText && input.name === "body" && isOfOtherType(operation, given)) return value;
    if (!parsed.ok) throw inputInvalid(operation, input.key, `is not JSON: ${parsed.reason}`);
    return checkTyped(operation, input, parsed.value);
  }
  return checkTyped(operation, input, value);
}

function isOfOtherType(operation: DeclaredInputs, given: Inputs): boolean {
  const contentType = declaredContentType(operation, given);
  return contentType !== undefined && !isJsonType(contentType);
}

function checkTyped(operation: DeclaredInputs, input: Input, value: unknown): unknown {
  // A member of a body may always be null: many APIs clear a field by it (RFC 7396).
  if (value === null && mayBeNull(input)) return null;
  // A text of JSON may be given as what it holds.
  if (input.type === "string" && isObject(value) && holdsJson(input)) return jsonText(value);
  const typed = typeof value === "string" ? readScalar(input.type, value) : readItems(input, value);
  const problem = typeProblem(input, typed);
  if (problem !== undefined) throw inputInvalid(operation, input.key, problem);
  return input.type === "string" ? String(typed) : typed;
}

/** Tells whether the schema of an input says that its text is JSON. */
function holdsJson({ schemas }: Input): boolean {
  return (schemas ?? []).some(schema => {
    const type = isJsonObject(schema) ? schema["contentMediaType"] : undefined;
    return typeof type === "string" && isJsonType(type);
  });
}

/** Reads the texts in an array as the type of its items: a shell gives nothing but texts. */
function readItems({ itemType }: Input, value: unknown): unknown {
  if (itemType === undefined || itemType === "any" || itemType === "string" || !Array.isArray(value)) return value;
  // The same list stays what it is: its text may be known.
  if (!value.some(item => typeof item === "string")) return value;
  return value.map((item: unknown) => (typeof item === "string" ? readScalar(itemType, item) : item));
}

/** Returns whether a value is a text for a structured body, which must be JSON (language chapter 5.5). */
function isJsonText(input: Input, value: unknown): value is string {
  return typeof value === "string" && input.in === "body" && (input.type === "object" || input.type === "array");
}

/** Returns the reason why `value` does not fit the input, as the end of a sentence that starts with the input's name. */
function typeProblem(input: Input, value: unknown): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `is a ${typeof value}, which cannot be sent`;
  if (typeof value === "number" && !Number.isFinite(value)) return `is ${value}, which cannot be sent`;
  // Files declare nearly every body as an object, even if the API takes an array.
  const isWholeBody = input.in === "body" && input.name === "body";
  switch (input.type) {
    case "string":
      if (isScalar(value)) return undefined;
      break;
    case "number":
      if (isNumber(value)) return undefined;
      break;
    case "integer":
      if (isInteger(value)) return undefined;
      break;
    case "boolean":
      if (typeof value === "boolean") return undefined;
      break;
    case "array":
      if (Array.isArray(value) || (isWholeBody && isObject(value))) return undefined;
      break;
    case "object":
      if (isObject(value) && (isWholeBody || !Array.isArray(value))) return undefined;
      break;
    case "any":
      return undefined;
  }
  return `must be ${article(input.type)}${isSecretInput(input) ? "" : `, found ${describe(value)}`}`;
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || isNumber(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array ${quoteValue(value)}`;
  if (isObject(value)) return `an object ${quoteValue(value)}`;
  return quoteValue(value);
}

function article(type: InputType): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Lists the first few names, and the number of the others. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

function unknownInputs(operation: DeclaredInputs, unknown: readonly string[]): CapabilityError {
  const keys = [...operation.inputs.keys()];
  const explained = unknown.slice(0, MOST_NAMES);
  const explanations = explained.map(key => {
    const shared = keys.filter(
      candidate => candidate.endsWith(`:${key}`) && operation.inputs.get(candidate)?.name === key,
    );
    if (shared.length > 0)
      return `input ${JSON.stringify(key)} is sent to several places: write ${shared.join(" or ")}`;
    return `no input ${JSON.stringify(key)}${didYouMean(suggest(key, keys))}`;
  });
  if (unknown.length > MOST_NAMES) explanations.push(`and ${unknown.length - MOST_NAMES} more`);
  const known = keys.length === 0 ? "it takes no inputs" : `its inputs are ${listed(keys)}`;
  return new CapabilityError("INPUT_UNKNOWN", {
    message: `Cannot build request for operation "${operation.name}": ${explanations.join("; ")} (${known})`,
    details: {
      operation: operation.name,
      inputs: unknown,
      suggestions: [...new Set(explained.flatMap(key => suggest(key, keys)))],
    },
  });
}

function missingInputs(operation: DeclaredInputs, missing: readonly string[]): CapabilityError {
  const listed = missing.map(key => JSON.stringify(key)).join(", ");
  return new CapabilityError("INPUT_MISSING", {
    message: `Cannot build request for operation "${operation.name}": ${
      missing.length === 1 ? `input ${listed} has` : `inputs ${listed} have`
    } no value`,
    details: { operation: operation.name, inputs: missing },
  });
}

/** Returns the error for placeholders in the form of a variable that nothing declares (language chapter 3, rule 4). */
function undeclaredVariables(operation: DeclaredInputs, missing: readonly string[]): CapabilityError | undefined {
  const undeclared = missing.flatMap(key => {
    const input = operation.inputs.get(key);
    return input?.undeclaredAmong === undefined ? [] : { ...input, undeclaredAmong: input.undeclaredAmong };
  });
  const [first] = undeclared;
  if (first === undefined) return undefined;
  const listed = undeclared.map(({ name, undeclaredAmong: declared }) =>
    undeclaredText({ name, problem: NOT_DECLARED, declared }),
  );
  return new CapabilityError("BIND_MISSING", {
    pointer: first.pointer,
    message: `Cannot prepare operation "${operation.name}": no value for ${listed.join("; ")}`,
    details: { operation: operation.name, variables: undeclared.map(({ name }) => name), reasons: {} },
  });
}
