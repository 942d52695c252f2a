/** Returns a large integer as a double: of two forms of one capability, one may have its digits and the other not. */
export function asDouble(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
