import { CapabilityError } from "../../base/capability-error.ts";
import type { PatternOperand } from "../../language/expression/json-path-steps.ts";
import type { StepMeter } from "./step-meter.ts";

/** Instructions that a pattern may be compiled to: repeated repetitions multiply. */
const MAX_INSTRUCTIONS = 1_000;

/** Instructions that the engine tries for a character in the time of a step. */
const INSTRUCTIONS_A_STEP = 5;

/**
 * Compiles a pattern of `=~`, which must match the whole of a text or a number. The engine is RE2's, which takes time in
 * proportion to the text: neither a file nor an API can make it run away.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` for what that engine does not have
 */
export async function compileMatch({
  source,
  flags,
}: PatternOperand): Promise<(value: unknown, meter: StepMeter) => boolean> {
  const { RE2JS } = await import("re2js");
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  try {
    const pattern = RE2JS.compile(source, bits);
    const instructions = pattern.programSize();
    if (instructions > MAX_INSTRUCTIONS)
      throw new RangeError("it is too large when its repetitions are written out");
    return (value, meter) => {
      if (typeof value !== "string" && typeof value !== "number") return false;
      const text = String(value);
      meter.spend(1 + Math.ceil((text.length * instructions) / INSTRUCTIONS_A_STEP));
      return pattern.matches(text);
    };
  } catch (cause) {
    throw new CapabilityError("CAPABILITY_INVALID", {
      message: `Cannot use the pattern /${source}/ of a filter: ${(cause as Error).message}`,
      details: { diagnostics: [], omitted: 0 },
      cause,
    });
  }
}
