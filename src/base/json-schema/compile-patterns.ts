import type { RE2JS } from "re2js";
import { member } from "../json-object.ts";
import type { Patterns } from "./place.ts";

/** Limit of the compiled instructions of a pattern: nested repetitions multiply. */
const MAX_INSTRUCTIONS = 1_000;
/** Longest text that is matched: the time is in proportion to text and instructions. */
const LONGEST_TEXT = 1_000_000;

/**
 * Returns regular expressions for RE2, whose time is in proportion to the text, without those that RE2 cannot run. Each
 * is compiled when it is first asked for: a schema may have thousands, of which a value meets a few.
 */
export async function compilePatterns(texts: ReadonlySet<string>): Promise<Patterns> {
  if (texts.size === 0) return new Map();
  const { RE2JS } = await import("re2js");
  const compiled = new Map<string, ((text: string) => boolean) | undefined>();
  return {
    get(text) {
      if (!compiled.has(text)) compiled.set(text, compilePattern(text, RE2JS));
      return compiled.get(text);
    },
  };
}

function compilePattern(text: string, engine: typeof RE2JS): ((text: string) => boolean) | undefined {
  const plain = compilePlain(text);
  if (plain !== undefined) return value => value.length > LONGEST_TEXT || plain.test(value);
  try {
    const pattern = engine.compile(forRe2(text));
    if (pattern.programSize() > MAX_INSTRUCTIONS) return undefined;
    return value => value.length > LONGEST_TEXT || pattern.matcher(value).find();
  } catch {
    // `patternProblem` tells it when a file is checked.
    return undefined;
  }
}

/** A character, or a class of characters, which may be there some times. */
const PART = String.raw`(?:[\w-]|\\[dw]|\[(?:[\w-]|\\[dw])+\])(?:\{\d{1,2}\})?`;
/** Longest pattern that is looked at, in characters. */
const LONGEST_PLAIN = 100;
/**
 * A pattern from the start of a text, of characters and classes, of which at most one is repeated without an end. Any
 * engine matches it in time in proportion to the text.
 */
const PLAIN = new RegExp(`^\\^(?:${PART})*(?:(?<=[\\w\\]-])[+*](?:${PART})*)?\\$?$`);

/** Compiles a pattern for the engine of JavaScript, which is many times as fast. */
function compilePlain(text: string): RegExp | undefined {
  if (text.length > LONGEST_PLAIN || !PLAIN.test(text)) return undefined;
  try {
    return new RegExp(text, "u");
  } catch {
    return undefined;
  }
}

/** Tells why a regular expression cannot be checked, as the end of a sentence that starts with it. */
export function patternProblem(text: string): string | undefined {
  try {
    new RegExp(text, "u");
  } catch (error) {
    return `is no regular expression: ${(error as Error).message.replace(/^Invalid regular expression: (?:.*: )?/s, "")}`;
  }
  if (/\(\?<?[=!]/.test(text)) return "looks around, which no engine does in bounded time: it is not checked";
  if (/\\(?:[1-9]|k<)/.test(text)) return "refers back, which no engine does in bounded time: it is not checked";
  return undefined;
}

/** White space of JavaScript as the inside of a class: RE2 takes `\s` for that of ASCII. */
const SPACES = "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";

/** Long names of categories of characters, with the short ones, which RE2 knows alone. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Letter: "L",
  Lowercase_Letter: "Ll",
  Uppercase_Letter: "Lu",
  Mark: "M",
  Number: "N",
  Decimal_Number: "Nd",
  Punctuation: "P",
  Symbol: "S",
  Separator: "Z",
  Space_Separator: "Zs",
  Other: "C",
  Control: "Cc",
};

const ESCAPES =
  /\\(?:u\{(?<braced>[0-9a-f]+)\}|u(?<four>[0-9a-f]{4})|c(?<control>[a-z])|(?<kind>p)\{(?:(?:General_Category|gc|Script|sc)=)?(?<name>\w+)\}|(?<other>[\s\S]))|[[\]]/gi;

/** Writes the escapes of JavaScript that RE2 lacks in its own way. */
function forRe2(text: string): string {
  let isInClass = false;
  return text.replace(ESCAPES, (found: string, ...rest: unknown[]) => {
    const { braced, four, control, kind, name = "", other } = rest.at(-1) as Partial<Record<string, string>>;
    if (found === "[" || found === "]") {
      isInClass = found === "[";
      return found;
    }
    if (control !== undefined) return `\\x{${(control.charCodeAt(0) % 32).toString(16)}}`;
    if (kind !== undefined) return `\\${kind}{${member(CATEGORIES, name) ?? name}}`;
    if (other === "s") return isInClass ? SPACES : `[${SPACES}]`;
    // Within a class, RE2's own is the nearest: it refuses no text that JavaScript takes.
    if (other === "S" && !isInClass) return `[^${SPACES}]`;
    return other === undefined ? `\\x{${braced ?? four}}` : found;
  });
}
