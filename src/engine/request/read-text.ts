import { isJsonType, isMultipartFormType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import type { Input, InputType, Operation } from "../../language/model/types.ts";
import { bodyKinds } from "./body-kinds.ts";
import type { InvalidValue } from "./scalar-text.ts";

/** How a text of an input is read, and a file that holds it. */
export type TextForm =
  /** As a value of the declared type. */
  | "value"
  /** As the body itself, which may be bytes. */
  | "body"
  /** As a part of a form in parts, which may be bytes that are read when they are sent. */
  | "part";

/**
 * Tells how the texts of an input are read.
 *
 * @param contentType of the body, as a header of the call declares it
 */
export function textForm(operation: Operation, input: Input, contentType: string | undefined): TextForm {
  const { type, name, in: location } = input;
  const { body } = operation;
  if (name === "body" && location === "body" && body === undefined) {
    const isOther = contentType !== undefined && !isJsonType(contentType);
    return type === "string" || isOther ? "body" : "value";
  }
  if (isStructured(type) || name === "body") return "value";
  const isPart =
    body === undefined
      ? location === "body" && contentType !== undefined && isMultipartFormType(contentType)
      : (bodyKinds[body.type].hasParts ?? false) && (location === "body" || location === "template");
  return isPart ? "part" : "value";
}

/**
 * Makes a value of a text that a caller has written, by the declared type of its input. A text that is no value of that
 * type stays as it is: the check of the inputs refuses it.
 *
 * @param isOnly whether it is the only text of the input: several are the items of an array
 * @throws the error that `invalid` makes, for a text that has to be JSON
 */
export function readText(
  input: Input,
  form: TextForm,
  text: string,
  isOnly: boolean,
  invalid: InvalidValue,
): unknown {
  const { type, name, in: location } = input;
  if (form === "part") return text;
  // Under a content type that objects have a form for, JSON is what is to be written in that form.
  if (form === "body") return type === "string" ? text : (structuredJson(text) ?? text);
  const isWholeBody = location === "body" && name === "body" && type !== "string";
  if (type === "object" || (type === "array" && isOnly) || isWholeBody) {
    const parsed = parseJson(text);
    if (!parsed.ok) throw invalid(`is not JSON: ${parsed.reason}`);
    // A text in place of an object or array is read as JSON once more, so a JSON string must not be opened here.
    return typeof parsed.value === "string" && isStructured(type) ? text : parsed.value;
  }
  if (type === "any" && location === "body") {
    const parsed = parseJson(text);
    return parsed.ok ? parsed.value : text;
  }
  return isOnly ? readScalar(type, text) : text;
}

/** Makes the number or boolean of a text where the type asks for one; any other text stays as it is. */
export function readScalar(type: InputType, text: string): string | number | bigint | boolean {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  const isNumber = type === "number" ? isNumberText(text) : type === "integer" && isIntegerText(text);
  return isNumber ? exactNumber(text) : text;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** Tells whether a text is a number as JSON has it, and not beyond those of JavaScript. */
function isNumberText(text: string): boolean {
  return JSON_NUMBER.test(text) && Number.isFinite(Number(text));
}

function isIntegerText(text: string): boolean {
  return isNumberText(text) && Number.isInteger(Number(text));
}

/** The number that a text writes; integers that a double cannot hold stay exact. */
function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function structuredJson(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok && typeof parsed.value === "object" ? parsed.value : undefined;
}

function isStructured(type: InputType): boolean {
  return type === "object" || type === "array";
}
