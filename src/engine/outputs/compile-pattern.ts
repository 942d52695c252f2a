import { createRequire } from "node:module";
import type { RE2JS } from "re2js";
import { CapabilityError } from "../../base/capability-error.ts";
import type { StepMeter } from "./step-meter.ts";

/** A function that tells whether a pattern matches a text. */
type Matches = (text: string, meter: StepMeter) => boolean;

/** Part of a text that a pattern matches: all of it, or any. */
export type Extent = "whole" | "part";

/** Limit of the compiled instructions of a pattern: nested repetitions multiply. */
const MAX_INSTRUCTIONS = 1_000;

/** Instructions for a character that the engine executes in the time of a step. */
const INSTRUCTIONS_A_STEP = 5;

/**
 * Compiles a pattern. The engine is RE2, which takes time in proportion to the text, whatever a file or an API sends.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` for syntax that the engine does not have
 */
export function compilePattern(source: string, flags: string, extent: Extent): Matches {
  try {
    return compile(source, flags, extent);
  } catch (cause) {
    throw new CapabilityError("CAPABILITY_INVALID", {
      message: `Cannot use the pattern /${source}/ of a filter: ${(cause as Error).message}`,
      details: { diagnostics: [], omitted: 0 },
      cause,
    });
  }
}

/** Steps that a pattern takes to be compiled, for each of its characters. */
const STEPS_A_CHARACTER = 20;
const MOST_PATTERNS = 100;

/**
 * Creates a matcher of patterns that stand in a document. One that is no pattern matches nothing (RFC 9535, 2.4.6).
 */
export function createPatternCache(extent: Extent): (text: string, pattern: string, meter: StepMeter) => boolean {
  const known = new Map<string, Matches>();
  return (text, pattern, meter) => {
    let matches = known.get(pattern);
    if (matches === undefined) {
      meter.spend(pattern.length * STEPS_A_CHARACTER);
      if (known.size >= MOST_PATTERNS) known.clear();
      matches = compileOrNothing(withoutLineEnds(pattern), extent);
      known.set(pattern, matches);
    }
    return matches(text, meter);
  };
}

function compileOrNothing(pattern: string, extent: Extent): Matches {
  try {
    return compile(pattern, "", extent);
  } catch {
    return () => false;
  }
}

/** Writes out the `.` of an I-Regexp, which matches neither line feed nor carriage return (RFC 9485, 5.3). */
export function withoutLineEnds(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\./gs, part => (part === "." ? "[^\\n\\r]" : part));
}

function compile(source: string, flags: string, extent: Extent): Matches {
  const { RE2JS } = loadEngine();
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  const pattern = RE2JS.compile(source, bits);
  const instructions = pattern.programSize();
  if (instructions > MAX_INSTRUCTIONS) throw new RangeError("it is too large when its repetitions are written out");
  const test = (text: string) => (extent === "whole" ? pattern.matches(text) : pattern.matcher(text).find());
  return (text, meter) => {
    meter.spend(1 + Math.ceil((text.length * instructions) / INSTRUCTIONS_A_STEP));
    return test(text);
  };
}

/**
 * Loads the engine with the first pattern: few paths have one. It is not imported, since a path is compiled at once. A
 * bundler that sees `require` takes the package in. Modules of Node have none.
 */
function loadEngine(): { readonly RE2JS: typeof RE2JS } {
  try {
    return require("re2js");
  } catch {
    return createRequire(import.meta.url)("re2js");
  }
}
