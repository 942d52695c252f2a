/** `***` with the quotes that it has if it would mean something else without. */
const WILDCARD = /\s{0,20}\\{0,3}["']?\*{3}\\{0,3}["']?/;

/**
 * Returns whether a text matches a recorded one, in which `***` stands for any text. Takes time in proportion to the
 * texts: each piece is looked for once, from left to right.
 */
export function fits(recorded: string, asked: string): boolean {
  const pieces = recorded.split(WILDCARD);
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return recorded === asked;
  const last = pieces.at(-1) ?? "";
  const end = asked.length - last.length;
  if (end < first.length || !asked.startsWith(first) || !asked.endsWith(last)) return false;
  let position = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = asked.indexOf(piece, position);
    if (found < 0 || found + piece.length > end) return false;
    position = found + piece.length;
  }
  return true;
}
