/**
 * Writes a value as compact JSON, or returns `undefined` for an absent one. A BigInt, which stands for an integer
 * beyond the precision of a double, is written as its number.
 *
 * @throws TypeError for a value that holds itself, RangeError for one nested too deep for the stack, or too long for a
 *   text
 */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) {
      const isTooLong = error.message.includes("string length");
      throw new RangeError(isTooLong ? "it would be too long" : "it nests too deeply", { cause: error });
    }
    // JSON.stringify refuses a BigInt; looking for one beforehand would cost every other body.
    if (!/BigInt/.test((error as Error).message)) throw error;
    return jsonTextWithBigInts(value);
  }
}

/** Writes each BigInt as a string with a random mark, then removes mark and quotes. */
function jsonTextWithBigInts(value: unknown): string | undefined {
  // The global one: importing node:crypto would take milliseconds of every start of the command.
  const mark = crypto.randomUUID();
  const text: string | undefined = JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? `${mark}${member}` : member,
  );
  return text?.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}
