import { isObject } from "../../../base/json-object.ts";
import { scalarText } from "../scalar-text.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes a text as character data or attribute value of XML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? character);
}

/** A name without a colon is safe wherever it stands; one with a prefix is the caller's to declare. */
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?$/u;

/** Characters that no XML document can hold, not even escaped (XML 1.0, 2.2), lone surrogates among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/u;

const DEEPEST = 100;

/**
 * Writes an object as an XML document: a member is an element, an array repeats it, `@name` is an attribute, `""` the
 * text beside attributes or elements; absent members are left out, `null` is an empty element. The only member of an
 * object is its root element; any other object stands in an element `root`.
 *
 * @throws Error for values that XML cannot hold
 */
export function xmlText(value: object): string {
  const [only, ...others] = Object.entries(value).filter(([, member]) => member !== undefined);
  const isRoot = only !== undefined && others.length === 0 && !Array.isArray(only[1]) && NAME.test(only[0]);
  const root = isRoot ? element(only[0], only[1], 0) : element("root", value, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>${root}`;
}

function element(name: string, value: unknown, depth: number): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of an XML element`);
  if (depth > DEEPEST) throw new Error(`the body is nested more than ${DEEPEST} levels deep`);
  if (!isObject(value)) return tag(name, "", text(value));
  let attributes = "";
  let content = "";
  const members: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? [["item", value]]
    : Object.entries(value);
  for (const [key, member] of members) {
    if (member === undefined) continue;
    if (key === "") content += text(member);
    else if (key.startsWith("@")) attributes += attribute(key.slice(1), member);
    else
      for (const item of Array.isArray(member) ? (member as unknown[]) : [member]) {
        if (item !== undefined) content += element(key, item, depth + 1);
      }
  }
  return tag(name, attributes, content);
}

function attribute(name: string, value: unknown): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of an XML attribute`);
  return ` ${name}="${text(value)}"`;
}

function tag(name: string, attributes: string, content: string): string {
  return content === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function text(value: unknown): string {
  if (isObject(value)) throw new Error("an object cannot stand where XML has text only");
  const written =
    value === undefined || value === null ? "" : scalarText(value, problem => new Error(`a value ${problem}`));
  if (NOT_CHARACTERS.test(written)) throw new Error("the body holds a character that XML cannot");
  return escapeXml(written);
}
