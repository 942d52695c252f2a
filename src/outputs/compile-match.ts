import { CapabilityError } from "../error/capability-error.ts";
import type { PatternOperand } from "../expression/json-path-steps.ts";

/**
 * Compiles a pattern of `=~`, which must match the whole of a text or a number. The engine is RE2's, which takes time in
 * proportion to the text: neither a file nor an API can make it run away.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` for what that engine does not have
 */
export async function compileMatch({ source, flags }: PatternOperand): Promise<(value: unknown) => boolean> {
  const { RE2JS } = await import("re2js");
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  try {
    const pattern = RE2JS.compile(source, bits);
    return value =>
      (typeof value === "string" || typeof value === "number") && pattern.matches(String(value));
  } catch (cause) {
    throw new CapabilityError("CAPABILITY_INVALID", {
      message: `Cannot use the pattern /${source}/ of a filter: ${(cause as Error).message}`,
      details: { diagnostics: [], omitted: 0 },
      cause,
    });
  }
}
