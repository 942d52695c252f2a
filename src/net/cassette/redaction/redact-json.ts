import { MASK } from "../../../base/masking/mask.ts";
import { isPairName, isPairValue, type Redaction } from "./redaction.ts";
import { Spans } from "./spans.ts";

const NUMBER = /^-?\d[\d.eE+-]*$/;

const QUOTED_MASK = JSON.stringify(MASK);

/** An open object or array. */
interface Frame {
  readonly kind: "{" | "[" | "";
  readonly start: number;
  /** Name of the member whose value comes next. */
  name: string | undefined;
  /** Whether a member names another one as a secret: `{ "name": "password", … }`. */
  isPair: boolean;
  /** Members that may be named so. */
  readonly values: (readonly [start: number, end: number])[];
  /** The member whose value it is. */
  readonly of: string | undefined;
  /** Number of items so far, and the first one if it is a string. */
  count: number;
  first: string | undefined;
}

/**
 * Redacts JSON in place. All other characters stay. It also reads several values, incomplete ones, and values among other
 * text. It does not recurse, and reads any depth.
 */
export function redactJson(text: string, redaction: Redaction): string {
  const spans = new Spans();
  const frames: Frame[] = [frame("", 0)];
  const open = { "{": 0, "[": 0 };
  const top = () => frames.at(-1) ?? frame("", 0);

  function onValue(start: number, end: number, decoded: string | undefined): void {
    const parent = top();
    const { name } = parent;
    parent.name = undefined;
    const isStructure = text[start] === "{" || text[start] === "[";
    if (isSecretValue(parent, name, decoded, isStructure) && text.slice(start, end) !== QUOTED_MASK) {
      spans.add(start, end, QUOTED_MASK);
      if (decoded !== undefined) redaction.learn(name, decoded);
      return;
    }
    if (name !== undefined && isPairValue(name)) parent.values.push([start, end]);
    else if (name !== undefined && decoded !== undefined && isPairName(name))
      parent.isPair ||= redaction.meaning(decoded) !== undefined;
    if (decoded === undefined) {
      // A number may be a known secret.
      const word = isStructure ? "" : text.slice(start, Math.min(end, start + 100));
      if (NUMBER.test(word) && redaction.nested(word, name ?? parent.of) !== word) spans.add(start, end, QUOTED_MASK);
      return;
    }
    const inner = redaction.nested(decoded, name ?? parent.of);
    if (inner !== decoded) spans.add(start, end, JSON.stringify(inner));
  }

  function isSecretValue(
    parent: Frame,
    name: string | undefined,
    decoded: string | undefined,
    isStructure: boolean,
  ): boolean {
    if (parent.kind === "[") {
      parent.count++;
      if (parent.count === 1) parent.first = decoded;
      // A list of pairs: [["password", "x"]].
      return (
        parent.count === 2 &&
        frames.at(-2)?.kind === "[" &&
        parent.first !== undefined &&
        redaction.meaning(parent.first) !== undefined
      );
    }
    const meaning = name === undefined ? undefined : redaction.meaning(name);
    return meaning === "secret" || (meaning === "scalar" && !isStructure);
  }

  function close(end: number): void {
    const closed = frames.pop();
    if (closed === undefined || closed.kind === "") return;
    open[closed.kind]--;
    if (closed.isPair) for (const [from, to] of closed.values) spans.add(from, to, QUOTED_MASK);
    onValue(closed.start, end, undefined);
  }

  let position = 0;
  while (position < text.length) {
    const character = text[position];
    if (character === '"') {
      const name = top().name;
      const end = endOfString(text, position, name !== undefined && redaction.meaning(name) !== undefined);
      if (end < 0) {
        position++;
        continue;
      }
      const colon = top().kind === "[" ? -1 : colonAfter(text, end);
      const decoded = decode(text.slice(position, end));
      if (colon < 0) onValue(position, end, decoded);
      else top().name = decoded;
      position = colon < 0 ? end : colon + 1;
    } else if (character === "{" || character === "[") {
      frames.push(frame(character, position++, top().name ?? top().of));
      open[character]++;
    } else if (character === "}" || character === "]") {
      position++;
      const kind = character === "}" ? "{" : "[";
      if (open[kind] === 0) continue;
      while (top().kind !== kind) close(position);
      close(position);
    } else if (isSpace(character) || character === "," || character === ":") {
      position++;
      if (character === ",") top().name = undefined;
    } else {
      const { name } = top();
      const isSecret = name !== undefined && redaction.meaning(name) !== undefined;
      const end = endOfWord(text, position, isSecret ? PLAIN_END : WORD_END);
      const word = text.slice(position, end);
      // These are not secret, and useful.
      if (/^(?:null|true|false)\s*$/.test(word)) top().name = undefined;
      else onValue(position, end, undefined);
      position = end;
    }
  }
  while (frames.length > 1) close(text.length);
  return spans.applyTo(text);
}

function frame(kind: Frame["kind"], start: number, of?: string): Frame {
  return { kind, start, name: undefined, isPair: false, of, values: [], count: 0, first: undefined };
}

/**
 * Returns the end of a string, after its closing quote, or -1 if a line ends in it and it is not one. An incomplete string
 * ends with the text.
 */
function endOfString(text: string, start: number, mayHaveLines: boolean): number {
  for (let end = start + 1; ; end++) {
    end = text.indexOf('"', end);
    if (end < 0) end = text.length;
    let slashes = end - 1;
    while (slashes > start && text[slashes] === "\\") slashes--;
    if (end < text.length && (end - 1 - slashes) % 2 === 1) continue;
    if (!mayHaveLines && text.slice(start, end).includes("\n")) return -1;
    return Math.min(end + 1, text.length);
  }
}

function colonAfter(text: string, end: number): number {
  let position = end;
  while (isSpace(text[position])) position++;
  return text[position] === ":" ? position : -1;
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

const WORD_END = /[\s,:"{}[\]]/g;

/** The end of an unquoted secret, which may have spaces: `{"password": two words}`. */
const PLAIN_END = /[\r\n,{}[\]]/g;

function endOfWord(text: string, start: number, delimiter: RegExp): number {
  delimiter.lastIndex = start + 1;
  return delimiter.exec(text)?.index ?? text.length;
}

/** Decodes a string. A malformed one stays as it is written. */
function decode(quoted: string): string {
  if (!quoted.includes("\\") && quoted.endsWith('"')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.replace(/^"|"$/g, "").replaceAll('\\"', '"');
  }
}
