import { parseDocument, type Scalar } from "yaml";

/** Longest key that YAML takes without a question mark (YAML 1.2, 7.4.2), less what is around it. */
const LONGEST_KEY = 1000;

/** Plain words that some reader of YAML takes for something other than text, most of them those of YAML 1.1. */
const NOT_TEXT_EVERYWHERE =
  /^(?:|~|yes|no|on|off|true|false|null|[-+]?\.(?:inf|nan)|[-+]?\.?\d[\d_.,:exoa-f+-]*|=|<<)$/i;

/** How the value of a `name` is written as a key; `undefined` where it cannot be one. */
export function keyOfName(name: Scalar, source: string): string | undefined {
  if (/[\r\n]/.test(source) || source.length > LONGEST_KEY) return undefined;
  const isQuoted = name.type === "QUOTE_SINGLE" || name.type === "QUOTE_DOUBLE";
  if (typeof name.value === "string" && name.value !== "") {
    return isQuoted ? source : keyOfText(name.value);
  }
  // A number or a boolean without quotes: as a key, it has to be text.
  return typeof name.value === "number" || typeof name.value === "boolean"
    ? JSON.stringify(source)
    : undefined;
}

/** A text as a key, in quotes only where it needs them. */
export function keyOfText(text: string): string {
  return NOT_TEXT_EVERYWHERE.test(text) || !isPlain(text) ? JSON.stringify(text) : text;
}

function isPlain(text: string): boolean {
  if (/^[A-Za-z_$][\w.$/-]*$/.test(text)) return true;
  // As a key in braces, where fewer characters are allowed than outside.
  const document = parseDocument(`{ ${text}: {} }`, { logLevel: "silent" });
  if (document.errors.length > 0) return false;
  const value: unknown = document.toJS();
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && keys[0] === text;
}
