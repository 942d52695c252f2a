import { withoutByteOrderMark } from "../../base/files/file-text.ts";
import { isJsonType, isMultipartFormType } from "../../base/media-types.ts";
import { integerDigits, JSON_NUMBER, readNumber } from "../../base/numbers/exact-number.ts";
import type { InputType } from "../../language/document/input-schema.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import { bodyKinds } from "./body-kinds.ts";
import { parseGiven } from "./given-json.ts";
import type { InvalidValue } from "./scalar-text.ts";

/** Form in which a text for an input is read, or a file with the text. */
export type TextForm =
  /** As a value of the declared type. */
  | "value"
  /** As the body itself, which may be bytes. */
  | "body"
  /** As a part of a form in parts, which may be bytes that are read when they are sent. */
  | "part";

/**
 * Returns the form in which texts for an input are read.
 *
 * @param contentType content type of the body, from a header parameter
 */
export function textForm(operation: Pick<Operation, "body">, input: Input, contentType: string | undefined): TextForm {
  const { type, name, in: location } = input;
  const { body } = operation;
  if (name === "body" && location === "body" && body === undefined) {
    const isOther = contentType !== undefined && !isJsonType(contentType);
    return type === "string" || isOther ? "body" : "value";
  }
  if (isCollectionType(type) || name === "body") return "value";
  const isPart =
    body === undefined
      ? location === "body" && contentType !== undefined && isMultipartFormType(contentType)
      : (bodyKinds[body.type].hasParts ?? false) && (location === "body" || location === "template");
  return isPart ? "part" : "value";
}

/**
 * Converts a text from a caller to a value of the input's declared type. A text that does not fit the type is returned
 * unchanged: the check of the inputs refuses it.
 *
 * @param isOnly whether it is the only text for the input; several texts are the items of an array
 * @throws the error from `invalid` if the text must be JSON and is not
 */
export function readText(input: Input, form: TextForm, text: string, isOnly: boolean, invalid: InvalidValue): unknown {
  const { type, name, in: location } = input;
  if (form === "part") return text;
  // Forms and XML are written from an object, which a caller gives as JSON.
  if (form === "body") return type === "string" ? text : (structuredJson(text) ?? text);
  const isWholeBody = location === "body" && name === "body" && type !== "string";
  if (type === "object" || (type === "array" && isOnly) || isWholeBody) {
    const parsed = parseGiven(text);
    if (!parsed.ok) throw invalid(`is not JSON: ${parsed.reason}`);
    // A text in place of an object or array is read as JSON once more, so a JSON string must not be opened here.
    return typeof parsed.value === "string" && isCollectionType(type) ? text : parsed.value;
  }
  if (type === "any" && location === "body") {
    if (!MAY_BE_JSON.test(text)) return text;
    const parsed = parseGiven(text);
    return parsed.ok ? parsed.value : text;
  }
  if (isOnly && text === "null" && location === "body" && type !== "string") return null;
  return isOnly ? readScalar(type, text) : text;
}

/** JSON begins so. To find out by an error would cost a row of a batch more than its call does. */
const MAY_BE_JSON = /^\s*[[{"\-\dtfn]/;

/** Converts a text to the number or boolean that the type asks for. Any other text is returned unchanged. */
export function readScalar(type: InputType, text: string): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((type !== "number" && type !== "integer") || !JSON_NUMBER.test(text)) return text;
  if (type === "number") return readNumber(text, "written");
  return readInteger(text) ?? text;
}

/** Returns the integer that a JSON number denotes, in whatever way, or `undefined`. */
function readInteger(text: string): number | bigint | undefined {
  const digits = integerDigits(text);
  if (digits === undefined) return undefined;
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}

function structuredJson(text: string): unknown {
  const parsed = parseGiven(withoutByteOrderMark(text));
  return parsed.ok && typeof parsed.value === "object" ? parsed.value : undefined;
}

function isCollectionType(type: InputType): boolean {
  return type === "object" || type === "array";
}
