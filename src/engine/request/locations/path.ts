import type { Operation, Parameter } from "../../../language/model/types.ts";
import { parameterInvalid } from "../input-error.ts";
import { commaText, percentEncode } from "../scalar-text.ts";
import { styledText, styleInvalid } from "../styled-text.ts";

/**
 * Encodes a value as part of one path segment. The items of an array are encoded one by one, and the commas between
 * them stay (RFC 6570, 3.2.2), unless the parameter has another style.
 *
 * @throws CapabilityError `INPUT_INVALID` for an empty value
 */
export function encodePathValue(operation: Operation, parameter: Parameter, value: unknown): string {
  const invalid = (problem: string) => parameterInvalid(operation, parameter, problem);
  const encode = (item: string) => percentEncode(item, invalid);
  const { name, style } = parameter;
  if (style?.ok === false) throw styleInvalid(operation, parameter);
  const text =
    style === undefined
      ? commaText(value, invalid, encode)
      : styledText(style, { name: percentEncode(name), value, encode, invalid });
  if (text === undefined || text === "") throw invalid("is empty, which a path segment cannot be");
  return text;
}

/**
 * Refuses a path in which values make a whole segment `.` or `..`: URL parsers fold such segments, in percent-encoded
 * form too, so that another path would be requested (RFC 3986, 5.2.4).
 *
 * @param path a finished path
 * @param masked the same path with a letter for every value; what the file itself wrote is not refused
 */
export function refuseDotSegments(operation: Operation, parameter: Parameter, path: string, masked: string): void {
  if (dotSegments(path) === dotSegments(masked)) return;
  throw parameterInvalid(operation, parameter, 'makes a path segment "." or "..", which would change the path');
}

function dotSegments(path: string): number {
  return path.split("/").filter(segment => /^(?:\.|%2e){1,2}$/i.test(segment)).length;
}

/** Percent sign that begins no `%XX` by itself: the value behind it might complete one. */
const LONE_PERCENT = /%(?![0-9A-Fa-f]{2})/g;

/** Encodes literal text of a path: characters that a URL cannot hold are percent-encoded, existing `%XX` stays. */
export function encodePathText(text: string): string {
  return text
    .replace(LONE_PERCENT, "%25")
    .replace(/[^!$%&'()*+,\-./0-9:;=@A-Z_a-z~]+/gu, encoded => percentEncode(encoded.toWellFormed()));
}

/** Encodes literal text of a query as {@link encodePathText}, but keeps `?` and `[` `]`, which servers accept. */
export function encodeQueryText(text: string): string {
  return text
    .replace(LONE_PERCENT, "%25")
    .replace(/[^!$%&'()*+,\-./0-9:;=?@A-Z_a-z~[\]]+/gu, encoded => percentEncode(encoded.toWellFormed()));
}
