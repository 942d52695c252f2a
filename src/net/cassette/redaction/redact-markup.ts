import { MASK } from "../../../base/masking/mask.ts";
import { isPairName, isPairValue, type Redaction } from "./redaction.ts";
import { Spans } from "./spans.ts";

/** An open element. */
interface Element {
  /** Name as written, in lower case, which the end tag repeats. */
  readonly name: string;
  /** Position of its content. */
  readonly content: number;
  /** Whether its content is a secret. */
  readonly isSecret: boolean;
  /** Whether its content is a secret if it is only text. */
  readonly isSecretText: boolean;
  hasElements: boolean;
  /** Whether a child names another one as a secret: `<name>password</name><value>…</value>`. */
  isPair: boolean;
  readonly values: (readonly [start: number, end: number])[];
  /** Name of the next child if the last one names it as a secret: `<key>password</key><string>…</string>`. */
  secretNext: string | undefined;
}

const NAME = /[\p{L}_:][\p{L}\d_:.-]*/uy;
/** Elements whose next sibling has their value. After the key of a property list, any element. */
const TITLES = new Map([
  ["key", ""],
  ["dt", "dd"],
  ["th", "td"],
]);
/** Elements of HTML without an end tag. */
const VOID = new Set("input meta link br img hr area base col embed source track wbr".split(" "));

/** Returns whether a text contains an element. */
export function isMarkup(text: string): boolean {
  return /<(?:[\p{L}_][\p{L}\d_:.-]{0,100}(?:[\s/>]|$)|!\[CDATA\[|!--|!DOCTYPE|\?xml)/iu.test(text);
}

/**
 * Redacts XML and HTML in place. All other characters stay. Secrets are found by the local names of elements and
 * attributes, and by attributes and children that name them. The text need not be well-formed.
 */
export function redactMarkup(text: string, redaction: Redaction): string {
  const spans = new Spans();
  const root = element("", 0);
  const open: Element[] = [root];
  const openNames = new Map<string, number>();
  const top = () => open.at(-1) ?? root;
  /** Columns of the current table with secret headings. */
  let secretColumns = new Set<number>();
  let column = 0;

  const addText = (start: number, end: number) => {
    if (start >= end) return;
    const written = text.slice(start, end);
    const decoded = decodeEntities(written);
    const inner = redaction.nested(decoded);
    if (inner !== decoded) spans.add(start, end, decoded === written ? inner : encodeEntities(inner));
  };

  const redactContent = (start: number, end: number, name?: string) => {
    const written = text.slice(start, end);
    if (written.trim() === "" || written.trim() === MASK) return;
    spans.add(start, end, MASK);
    redaction.learn(name, decodeEntities(written.replace(/^\s*<!\[CDATA\[(.*)\]\]>\s*$/s, "$1")).trim());
  };

  function close(end: number): void {
    const closed = open.pop();
    if (closed === undefined) return;
    openNames.set(closed.name, (openNames.get(closed.name) ?? 1) - 1);
    if (closed.isPair) for (const [from, to] of closed.values) redactContent(from, to);
    if (closed.isSecret || (closed.isSecretText && !closed.hasElements)) {
      redactContent(closed.content, end);
      return;
    }
    const parent = top();
    const local = localName(closed.name);
    if (isPairValue(local)) parent.values.push([closed.content, end]);
    if (closed.hasElements) return;
    const said = text.slice(closed.content, end).trim();
    if (said.length > 100 || redaction.meaning(decodeEntities(said)) === undefined) return;
    if (isPairName(local)) parent.isPair = true;
    parent.secretNext = TITLES.get(local);
    if (local === "th") secretColumns.add(column);
  }

  let position = 0;
  for (;;) {
    const begin = text.indexOf("<", position);
    addText(position, begin < 0 ? text.length : begin);
    if (begin < 0) break;
    if (text.startsWith("<!--", begin)) {
      position = endOf(text, "-->", begin);
      addText(begin + 4, position - 3);
    } else if (text.startsWith("<![CDATA[", begin)) {
      position = endOf(text, "]]>", begin);
      // It contains no entities.
      const inner = text.slice(begin + 9, Math.max(begin + 9, position - 3));
      const changed = redaction.nested(inner);
      if (changed !== inner) spans.add(begin + 9, begin + 9 + inner.length, changed);
    } else if (text[begin + 1] === "/") {
      const end = text.indexOf(">", begin);
      const name = text
        .slice(begin + 2, end < 0 ? begin + 202 : end)
        .trim()
        .toLowerCase();
      position = end < 0 ? text.length : end + 1;
      if ((openNames.get(name) ?? 0) === 0) continue;
      while (top().name !== name) close(begin);
      close(begin);
    } else {
      NAME.lastIndex = begin + 1;
      const name = NAME.exec(text)?.[0].toLowerCase();
      if (name === undefined) {
        position = begin + 1;
        continue;
      }
      const parent = top();
      const tag = readTag(text, begin + 1 + name.length);
      const facts = redactAttributes(localName(name), tag.attributes, redaction, spans);
      position = tag.end;
      parent.hasElements = true;
      const { secretNext } = parent;
      const local = localName(name);
      if (local === "table") secretColumns = new Set();
      else if (local === "tr") column = 0;
      else if (local === "th" || local === "td") column++;
      const isSecret =
        redaction.meaning(local) === "secret" ||
        secretNext === "" ||
        secretNext === local ||
        (local === "td" && secretColumns.has(column));
      const isText =
        facts.isSecretText ||
        redaction.meaning(local) === "scalar" ||
        (parent.isSecretText && (isPairValue(local) || local === "option"));
      parent.secretNext = undefined;
      if (tag.isEmpty || VOID.has(name)) continue;
      open.push({ ...element(name, position), isSecret, isSecretText: isText });
      openNames.set(name, (openNames.get(name) ?? 0) + 1);
      if (name === "script" || name === "style") {
        const closing = name === "script" ? /<\/script/gi : /<\/style/gi;
        closing.lastIndex = position;
        const end = closing.exec(text)?.index ?? text.length;
        addText(position, end);
        position = end;
      }
    }
  }
  while (open.length > 1) close(text.length);
  if (root.isPair) for (const [from, to] of root.values) redactContent(from, to);
  return spans.applyTo(text);
}

function element(name: string, content: number): Element {
  return {
    name,
    content,
    isSecret: false,
    isSecretText: false,
    hasElements: false,
    isPair: false,
    values: [],
    secretNext: undefined,
  };
}

interface Attribute {
  /** Local name as written. */
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const ATTRIBUTE = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"?|'[^']*'?|[^\s"'>]*))?/y;

/** Reads a tag after its name: the attributes and the end. */
function readTag(
  text: string,
  start: number,
): { readonly attributes: readonly Attribute[]; readonly end: number; readonly isEmpty: boolean } {
  const attributes: Attribute[] = [];
  let position = start;
  for (;;) {
    ATTRIBUTE.lastIndex = position;
    const found = ATTRIBUTE.exec(text);
    if (found === null) break;
    const { 0: whole, 1: name = "", 2: written = "" } = found;
    position += whole.length;
    const quote = /^["']/.exec(written)?.[0] ?? "";
    const from = position - written.length + quote.length;
    const to = position - (quote !== "" && written.length > 1 && written.endsWith(quote) ? 1 : 0);
    if (written !== "") attributes.push({ name: localName(name), value: text.slice(from, to), start: from, end: to });
  }
  const rest = /[\s/]*>?/y;
  rest.lastIndex = position;
  const closing = rest.exec(text)?.[0] ?? "";
  return { attributes, end: position + closing.length, isEmpty: closing.endsWith("/>") };
}

/** Redacts the attributes of an element. Returns whether they name its text as a secret. */
function redactAttributes(
  element: string,
  attributes: readonly Attribute[],
  redaction: Redaction,
  spans: Spans,
): { readonly isSecretText: boolean } {
  const isSaid = attributes.some(
    ({ name, value }) =>
      (isPairName(name) && redaction.meaning(decodeEntities(value)) !== undefined) ||
      (name.toLowerCase() === "type" && /^password$/i.test(value)),
  );
  const isSecretElement = redaction.meaning(element) !== undefined;
  for (const { name, value, start, end } of attributes) {
    const decoded = decodeEntities(value);
    const isSecret = redaction.meaning(name) !== undefined || ((isSaid || isSecretElement) && isPairValue(name));
    if (isSecret && value !== "" && value !== MASK) {
      spans.add(start, end, MASK);
      redaction.learn(name, decoded);
      continue;
    }
    const inner = redaction.nested(decoded);
    if (inner !== decoded) spans.add(start, end, decoded === value ? inner : encodeEntities(inner));
  }
  return { isSecretText: isSaid };
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

function endOf(text: string, mark: string, start: number): number {
  const end = text.indexOf(mark, start);
  return end < 0 ? text.length + mark.length : end + mark.length;
}

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  amp: "&",
  lt: "<",
  gt: ">",
  apos: "'",
  "#39": "'",
};

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (all, name: string) => {
    if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name] ?? all;
    if (!name.startsWith("#")) return all;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function encodeEntities(text: string): string {
  return text.replace(/[&<>"']/g, character => {
    const found = Object.entries(ENTITIES).find(([, written]) => written === character);
    return `&${found?.[0] ?? "amp"};`;
  });
}
