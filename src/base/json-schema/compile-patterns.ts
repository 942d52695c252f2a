import type { Patterns } from "./place.ts";

/** Limit of the compiled instructions of a pattern: nested repetitions multiply. */
const MAX_INSTRUCTIONS = 1_000;
/** Longest text that is matched: the time is in proportion to text and instructions. */
const LONGEST_TEXT = 1_000_000;

/** Compiles regular expressions for RE2, whose time is in proportion to the text. It leaves out what RE2 cannot run. */
export async function compilePatterns(texts: ReadonlySet<string>): Promise<Patterns> {
  if (texts.size === 0) return new Map();
  const { RE2JS } = await import("re2js");
  const patterns = new Map<string, (text: string) => boolean>();
  for (const text of texts) {
    try {
      const pattern = RE2JS.compile(forRe2(text));
      if (pattern.programSize() > MAX_INSTRUCTIONS) continue;
      patterns.set(text, value => value.length > LONGEST_TEXT || pattern.matcher(value).find());
    } catch {
      // `patternProblem` tells it when a file is checked.
    }
  }
  return patterns;
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

/** Writes the escapes of JavaScript that RE2 lacks in its own way. */
function forRe2(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|([\s\S]))/gi, (found, braced, four, other) =>
    other === undefined ? `\\x{${braced ?? four}}` : found,
  );
}
