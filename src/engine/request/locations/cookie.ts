import { parameterInvalid } from "../input-error.ts";
import type { ParameterLocation } from "../parameter-location.ts";
import { commaText, type InvalidValue, percentEncode } from "../scalar-text.ts";
import { styledText } from "../styled-text.ts";
import { headerValueProblem } from "./header.ts";

/**
 * Characters that a cookie value may not hold literally (RFC 6265, 4.1.1): separators, quotes, spaces, and all beyond
 * ASCII.
 */
const NOT_COOKIE_OCTETS = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/gu;

const NOT_NAME_OCTETS = /[^!#$%&'*+.^_`|~0-9A-Za-z-]+/gu;

/** A pair in the one `cookie` header; characters that cannot stand there are percent-encoded. */
export const cookie: ParameterLocation = {
  compile(parameter, operation) {
    const name = parameter.name.replace(NOT_NAME_OCTETS, part => percentEncode(part.toWellFormed()));
    const style = parameter.style?.ok ? parameter.style : undefined;
    return (draft, value) => {
      const invalid = (problem: string) => parameterInvalid(operation, parameter, problem);
      const encode = (text: string) => {
        // Line breaks in a header are an attack or a mistake, never a value to be preserved.
        if (/[\r\n\0]/.test(text)) throw invalid(headerValueProblem(text) ?? "is not a cookie value");
        return encodeCookieValue(text, invalid);
      };
      let pair: string | undefined;
      if (style === undefined) {
        const text = commaText(value, invalid, item => item);
        if (text !== undefined) pair = `${name}=${encode(text)}`;
      } else {
        // The "&" between exploded pairs is for queries: here each pair is a cookie.
        pair = styledText(style, { name, value, encode, invalid, between: "; " });
      }
      if (pair === undefined) return;
      draft.cookie = draft.cookie === "" ? pair : `${draft.cookie}; ${pair}`;
    };
  },
};

/** Encodes a text as the value of a cookie. */
export function encodeCookieValue(text: string, invalid?: InvalidValue): string {
  return text.replace(NOT_COOKIE_OCTETS, part => percentEncode(part, invalid));
}
