import { isObject } from "../../base/json-object.ts";
import type { ParameterStyle, StyleName } from "../../language/document/parameter-style.ts";
import type { Operation, Parameter } from "../../language/model/types.ts";
import { requestInvalid } from "./request-error.ts";
import { type InvalidValue, isPresent, scalarText } from "./scalar-text.ts";

/** Form of a style: the rows of OpenAPI's table "Style Examples", most of which are RFC 6570. */
interface StyleForm {
  /** Stands in front of everything. */
  readonly lead: string;
  /** Stands between the items of an exploded value. */
  readonly between: string;
  /** Stands between the items of a value that is not exploded. */
  readonly list: string;
  /** Whether items have the name of the parameter in front. */
  readonly isNamed: boolean;
  /** Stands behind the name of an empty text. */
  readonly ofEmpty: string;
}

const forms: Readonly<Record<Exclude<StyleName, "deepObject">, StyleForm>> = {
  simple: { lead: "", between: ",", list: ",", isNamed: false, ofEmpty: "" },
  label: { lead: ".", between: ".", list: ",", isNamed: false, ofEmpty: "" },
  matrix: { lead: ";", between: ";", list: ",", isNamed: true, ofEmpty: "" },
  form: { lead: "", between: "&", list: ",", isNamed: true, ofEmpty: "=" },
  spaceDelimited: { lead: "", between: "&", list: "%20", isNamed: true, ofEmpty: "=" },
  pipeDelimited: { lead: "", between: "&", list: "%7C", isNamed: true, ofEmpty: "=" },
};

/** A style as it is written. */
type Style = Extract<ParameterStyle, { readonly ok: true }>;

interface StyledValue {
  /** Encoded name of the parameter. */
  readonly name: string;
  readonly value: unknown;
  /** Encodes an item, or the name of a member, for its place. */
  readonly encode: (text: string) => string;
  readonly invalid: InvalidValue;
  /** Stands between pairs, in place of the `&` of a query. */
  readonly between?: string;
}

/**
 * Writes a value in a style. Absent items and members are left out (RFC 6570, 2.3).
 *
 * @returns `undefined` for an array or object with nothing in it
 * @throws the error from `invalid` for a value that the style has no form for
 */
export function styledText({ style, explode }: Style, written: StyledValue): string | undefined {
  if (style === "deepObject") throw new TypeError("A deepObject is written by its location");
  const { name, value, encode, invalid } = written;
  const { lead, between, list, isNamed, ofEmpty } = forms[style];
  const pair = (key: string, text: string) => (text === "" && isNamed ? key + ofEmpty : `${key}=${text}`);
  const named = (text: string) => (isNamed ? pair(name, text) : text);
  const encoded = (item: unknown) => encode(scalarText(item, invalid));
  if (!isObject(value)) return lead + named(encoded(value));
  let pieces: string[];
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).filter(isPresent).map(encoded);
    pieces = explode || items.length === 0 ? items.map(named) : [named(items.join(list))];
  } else {
    const members = Object.entries(value)
      .filter(([, member]) => isPresent(member))
      .map(([key, member]) => [encode(key), encoded(member)] as const);
    pieces =
      explode || members.length === 0
        ? members.map(([key, text]) => pair(key, text))
        : [named(members.flat().join(list))];
  }
  return pieces.length === 0 ? undefined : lead + pieces.join(written.between ?? between);
}

/** Creates the error for a parameter whose style has no meaning. */
export function styleInvalid(operation: Operation, { name, pointer, style }: Parameter): Error {
  const reason = style?.ok === false ? style.reason : "its style has no meaning";
  return requestInvalid(operation, `parameter ${JSON.stringify(name)}: ${reason}`, { pointer });
}
