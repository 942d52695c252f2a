import { parseJson } from "../../base/parse-json.ts";
import { requireBounded } from "../formats/json-bounds.ts";

/** The texts of objects and lists that a caller gave as JSON. */
const texts = new WeakMap<object, string>();

/**
 * Parses JSON of a caller, whose numbers stay as they are written. Remembers the text of an object or a list. A text
 * that nests as no answer may is refused: functions that walk its value recurse.
 */
export function parseGiven(text: string): ReturnType<typeof parseJson> {
  try {
    requireBounded(text, { maxValues: Number.POSITIVE_INFINITY });
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
  const parsed = parseJson(text, "written");
  if (parsed.ok && typeof parsed.value === "object" && parsed.value !== null) texts.set(parsed.value, text);
  return parsed;
}

/** Returns the text that a caller gave for a value: such a body is sent as it was given. */
export function givenText(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? texts.get(value) : undefined;
}
