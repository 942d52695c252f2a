const MAX_SUGGESTIONS = 3;
const LONGEST_NAME = 100;

/**
 * Returns the names closest to `name`, nearest first, at most three. A name is close if it differs in at most 40 % of
 * its characters (ignoring case), or if one contains the other.
 */
export function suggest(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase().slice(0, LONGEST_NAME);
  const scored: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const distance = distanceTo(wanted, candidate.toLowerCase().slice(0, LONGEST_NAME));
    if (distance !== undefined) scored.push({ candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return scored.slice(0, MAX_SUGGESTIONS).map(entry => entry.candidate);
}

/** Returns `; did you mean "a" or "b"?`, or an empty text if there are no suggestions. */
export function didYouMean(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return "";
  const quoted = suggestions.map(suggestion => JSON.stringify(suggestion));
  const last = quoted.pop();
  return `; did you mean ${quoted.length > 0 ? `${quoted.join(", ")} or ${last}` : last}?`;
}

function distanceTo(wanted: string, candidate: string): number | undefined {
  const longest = Math.max(wanted.length, candidate.length);
  const limit = Math.max(1, Math.floor(longest * 0.4));
  if (Math.abs(wanted.length - candidate.length) <= limit) {
    const distance = editDistance(wanted, candidate);
    if (distance <= limit) return distance;
  }
  if (wanted.length >= 3 && candidate.includes(wanted)) return limit + longest;
  if (candidate.length >= 3 && wanted.includes(candidate)) return limit + longest;
  return undefined;
}

/** Computes the optimal string alignment distance: insert, delete, replace and swap of neighbours cost 1. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
