import { isAlias, isMap, isScalar, type Pair, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { ShapeName } from "../document/dialect/shapes.ts";
import { rangeOf } from "../document/node-range.ts";
import { nameFor } from "./changes.ts";

/** Object of a list, with the key that it gets in a map. */
export interface NamedItem {
  readonly object: YAMLMap;
  readonly name: string;
  /** Name as it is written in the file. */
  readonly key: string;
  /** Member that holds the name. Absent if the name was derived. */
  readonly pair?: Pair;
}

type NamedList =
  | { readonly ok: true; readonly items: readonly NamedItem[] }
  /** `offset` is the place in the text of the obstacle. */
  | { readonly ok: false; readonly reason: string; readonly offset: number };

/** Reason for names such as `1`: JavaScript's objects, into which most readers read maps, put them first. */
const NUMBERS_FIRST = "a map would put names that are whole numbers first";

type ItemName =
  | { readonly ok: true; readonly name: string; readonly key: string; readonly pair: Pair | undefined }
  | { readonly ok: false; readonly reason: string; readonly node?: unknown };

/** Finds the keys of a list that will become a map, or the reason why it cannot. */
export function nameItems(list: YAMLSeq, shape: ShapeName, text: string): NamedList {
  const listStart = list.range?.[0] ?? 0;
  if (list.tag !== undefined) return { ok: false, reason: "the list has a tag", offset: listStart };
  const found = list.items.map(item => ({ item, ...nameItem(item, shape, text) }));
  const taken = new Set<string>();
  for (const entry of found) {
    if (!entry.ok) {
      const offset = (rangeOf(entry.node) ?? rangeOf(entry.item))?.[0] ?? listStart;
      return { ok: false, reason: entry.reason, offset };
    }
    if (entry.pair === undefined) continue;
    if (taken.has(entry.name)) {
      const offset = rangeOf(entry.pair.value)?.[0] ?? listStart;
      return { ok: false, reason: `the name ${JSON.stringify(entry.name)} repeats`, offset };
    }
    taken.add(entry.name);
  }
  const items = found.flatMap((entry): NamedItem[] => {
    if (!entry.ok || !isMap(entry.item)) return [];
    if (entry.pair !== undefined) return [{ object: entry.item, name: entry.name, key: entry.key, pair: entry.pair }];
    const name = freeName(entry.name, taken);
    taken.add(name);
    return [{ object: entry.item, name, key: keyOfText(name) }];
  });
  const names = items.map(({ name }) => name);
  if (Object.keys(Object.fromEntries(names.map(name => [name, 0]))).join("\n") !== names.join("\n")) {
    return { ok: false, reason: NUMBERS_FIRST, offset: listStart };
  }
  return { ok: true, items };
}

function nameItem(item: unknown, shape: ShapeName, text: string): ItemName {
  if (isAlias(item)) return { ok: false, reason: "an entry is an alias" };
  if (!isMap(item)) return { ok: false, reason: "an entry is not a map" };
  if (item.anchor !== undefined) return { ok: false, reason: "an entry has an anchor" };
  if (item.tag !== undefined) return { ok: false, reason: "an entry has a tag" };
  if (item.srcToken === undefined) return { ok: false, reason: "an entry has no braces" };
  const pair = item.items.find(({ key }) => isScalar(key) && key.value === "name");
  if (pair === undefined) {
    const name = nameFor(item, shape);
    if (name === undefined) return { ok: false, reason: "an entry has no name" };
    return { ok: true, name, key: "", pair };
  }
  const value = pair.value;
  if (!isScalar(value) || !isPlainlyWritten(pair)) {
    return { ok: false, reason: "a name is not plainly written", node: pair.key };
  }
  const source = text.slice(value.range?.[0], value.range?.[1]);
  const key = keyOfName(value, source);
  if (key === undefined) return { ok: false, reason: "a name is empty, or no key can be as long", node: value };
  return { ok: true, name: typeof value.value === "string" ? value.value : source, key, pair };
}

/** Tells whether a pair is written as `name: value` with nothing in between: no comment, anchor, tag, or line break. */
function isPlainlyWritten({ srcToken }: Pair): boolean {
  if (srcToken?.sep === undefined) return false;
  return (
    srcToken.sep.every(({ type }) => type === "map-value-ind" || type === "space") &&
    srcToken.start.every(({ type }) => ["space", "newline", "comment", "comma"].includes(type))
  );
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}

/** Longest key without a question mark (YAML 1.2, 7.4.2), less its surroundings. */
const LONGEST_KEY = 1000;

/** Plain words that some reader of YAML, most of them of YAML 1.1, takes for something other than text. */
const NOT_TEXT_EVERYWHERE =
  /^(?:|~|yes|no|on|off|true|false|null|[-+]?\.(?:inf|nan)|[-+]?\.?\d[\d_.,:exoa-f+-]*|=|<<)$/i;

/** Writes the value of a `name` as a key. Returns `undefined` if it cannot be one. */
function keyOfName(name: Scalar, source: string): string | undefined {
  if (/[\r\n]/.test(source) || source.length > LONGEST_KEY) return undefined;
  const isQuoted = name.type === "QUOTE_SINGLE" || name.type === "QUOTE_DOUBLE";
  if (typeof name.value === "string" && name.value !== "") {
    return isQuoted ? source : keyOfText(name.value);
  }
  // A number or a boolean without quotes: as a key, it has to be text.
  return typeof name.value === "number" || typeof name.value === "boolean" ? JSON.stringify(source) : undefined;
}

/** Writes a text as a key, in quotes only if it needs them. */
function keyOfText(text: string): string {
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
