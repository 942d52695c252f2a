import { isTransportHeader } from "../../../language/expression/transport-header.ts";
import { parameterInvalid } from "../input-error.ts";
import type { ParameterLocation } from "../parameter-location.ts";
import { commaText } from "../scalar-text.ts";
import { styledText } from "../styled-text.ts";

/** A header name is a token (RFC 9110, 5.6.2); one of them could not be a member of the headers. */
const TOKEN = /^(?!__proto__$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Visible characters, space, tab and obs-text (RFC 9110, 5.5); no CR, LF or NUL, which would start another field. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A header field; arrays are joined by commas, and an empty one is left out. */
export const header: ParameterLocation = {
  compile(parameter, operation) {
    const name = parameter.name.toLowerCase();
    // Files declare it, and it follows from the body: the transport writes what is right.
    if (name === "content-length") return () => {};
    const nameProblem = headerNameProblem(name);
    const style = parameter.style?.ok ? parameter.style : undefined;
    return (draft, value) => {
      const invalid = (problem: string) => parameterInvalid(operation, parameter, problem);
      if (nameProblem !== undefined) throw invalid(nameProblem);
      const text =
        style === undefined
          ? commaText(value, invalid, asIs)
          : styledText(style, { name, value, encode: asIs, invalid });
      if (text === undefined) return;
      const valueProblem = headerValueProblem(text);
      if (valueProblem !== undefined) throw invalid(valueProblem);
      draft.headers[name] = text;
    };
  },
};

/** Encodes nothing: the value of a header is checked as a whole. */
function asIs(text: string): string {
  return text;
}

/**
 * Tells why a header cannot be sent, as the end of a sentence that starts with its name. `undefined` if it can.
 *
 * @param name in lower case
 */
export function headerNameProblem(name: string): string | undefined {
  if (!TOKEN.test(name)) return "is not a valid header name";
  if (isTransportHeader(name)) return "is a header that only the transport may write";
  return undefined;
}

/**
 * Tells why a text cannot be a header value, as the end of a sentence that starts with the input's name. `undefined` if
 * it can.
 */
export function headerValueProblem(text: string): string | undefined {
  if (FIELD_VALUE.test(text)) return undefined;
  const character = [...text].find(candidate => !FIELD_VALUE.test(candidate)) ?? "";
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `holds the character U+${code}, which a header value may not contain`;
}
