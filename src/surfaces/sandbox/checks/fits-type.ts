import type { InputType } from "../../../language/model/types.ts";

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** Returns whether a text can be a value of a declared type. Any text can be a structured value. */
export function textFits(type: InputType, text: string): boolean {
  switch (type) {
    case "number":
      return JSON_NUMBER.test(text);
    case "integer":
      return JSON_NUMBER.test(text) && Number.isInteger(Number(text));
    case "boolean":
      return text === "true" || text === "false";
    default:
      return true;
  }
}

/** Returns whether a JSON value has a declared type. */
export function valueFits(type: InputType, value: unknown): boolean {
  switch (type) {
    case "number":
    case "boolean":
      return typeof value === type;
    case "string":
      // The client sends numbers and booleans for an input of type string unchanged.
      return ["string", "number", "boolean"].includes(typeof value);
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "any":
      return true;
  }
}

/** Returns the name of a declared type with its article. */
export function typeName(type: InputType): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}
