/** A word that another may have been meant by. */
interface NearWord {
  readonly word: string;
  readonly distance: number;
}

/**
 * Finds the words that differ from `wanted` by few letters: one for a word of four or five, two for a longer one. A change of
 * the first letter counts twice.
 */
export function nearestWords(wanted: string, words: readonly string[]): NearWord[] {
  if (wanted.length < 4 || wanted.length > 24 || /\d/.test(wanted)) return [];
  const limit = wanted.length < 6 ? 1 : 2;
  const near: NearWord[] = [];
  for (const word of words) {
    if (Math.abs(word.length - wanted.length) > limit) continue;
    const distance = boundedDistance(wanted, word, limit) + (word[0] === wanted[0] ? 0 : 1);
    if (distance <= limit) near.push({ word, distance });
  }
  return near;
}

const ROWS = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)] as const;

/** Computes the optimal string alignment distance, or a number above `limit` where it is above. */
function boundedDistance(a: string, b: string, limit: number): number {
  let [beforePrevious, previous, current] = ROWS as readonly [Uint8Array, Uint8Array, Uint8Array];
  for (let column = 0; column <= b.length; column++) previous[column] = column;
  for (let row = 1; row <= a.length; row++) {
    current[0] = row;
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const isSame = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1);
      if (isSwapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current[column] = best;
      if (best < least) least = best;
    }
    if (least > limit) return limit + 1;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return previous[b.length] ?? 0;
}
