import type { Call } from "./call.ts";

/**
 * Returns a value as it is printed: a table is for people, and has secrets masked; other forms are data, as they came.
 */
export function shownValue({ parsed, capability }: Call, value: unknown): unknown {
  return parsed.output === "table" ? capability.secrets.value(value) : value;
}
