import { ExactNumber } from "./exact-number.ts";

/** Returns a number of any type as one that can be compared and added, `undefined` for other values. */
export function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof ExactNumber ? value.valueOf() : undefined;
}
