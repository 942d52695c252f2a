import { isJsonObject } from "../../../base/json-object.ts";
import { isInteger, isNumber } from "../../../base/numbers/json-number.ts";
import { readScalar } from "../../../engine/request/read-text.ts";
import type { InputType } from "../../../language/document/input-schema.ts";

/** Returns whether a text can be a value of a declared type. Any text can be a structured value. */
export function textFits(type: InputType, text: string): boolean {
  const isText = type !== "number" && type !== "integer" && type !== "boolean";
  return isText || typeof readScalar(type, text) !== "string";
}

/** Returns whether a JSON value has a declared type. */
export function valueFits(type: InputType, value: unknown): boolean {
  switch (type) {
    case "number":
      return isNumber(value);
    case "boolean":
      return typeof value === "boolean";
    case "string":
      // The client sends numbers and booleans for an input of type string unchanged.
      return typeof value === "string" || typeof value === "boolean" || isNumber(value);
    case "integer":
      return isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "any":
      return true;
  }
}

/** Returns the name of a declared type with its article. */
export function typeName(type: InputType): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}
