/**
 * Levels that JSON may nest. Nobody means more; `JSON.parse` takes any number, and what walks the value afterwards
 * recurses.
 */
const MAX_JSON_DEPTH = 1_000;

/**
 * Checks a value by the text it was parsed from: few have what a deep one needs, and only these are walked.
 *
 * @throws RangeError for a value that nests too deeply
 */
export function requireShallow(value: unknown, text: string): void {
  // Every level takes two characters, and one of them opens it.
  if (text.length <= 2 * MAX_JSON_DEPTH) return;
  const arrays = countUpTo(MAX_JSON_DEPTH, "[", text);
  if (arrays + countUpTo(MAX_JSON_DEPTH, "{", text) > MAX_JSON_DEPTH && isObject(value))
    walk(value, MAX_JSON_DEPTH);
}

/** How often a character is in a text; one more than `most` where it is there more often. */
function countUpTo(most: number, character: string, text: string): number {
  let count = 0;
  for (let index = text.indexOf(character); index >= 0; index = text.indexOf(character, index + 1)) {
    if (++count > most) break;
  }
  return count;
}

function walk(value: object, levelsLeft: number): void {
  if (levelsLeft === 0) throw new RangeError(`it nests more than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(value)) {
    for (const member of value) if (isObject(member)) walk(member, levelsLeft - 1);
    return;
  }
  const members = value as Readonly<Record<string, unknown>>;
  // `Object.values` would take three times as long. What is parsed has no other members than its own.
  for (const name in members) {
    const member = members[name];
    if (isObject(member)) walk(member, levelsLeft - 1);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
