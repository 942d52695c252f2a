/**
 * Returns the operations with the highest scores, the best first, each request once.
 *
 * @param requests hash of the request of each operation
 */
export function bestOperations(
  operations: Uint32Array,
  scores: Float32Array,
  requests: Uint32Array,
  limit: number,
): readonly number[] {
  // Requests that are published several times take places among the best. If they take too many, more are looked at.
  for (let count = 8 * limit + 50; ; count *= 16) {
    const least = count < operations.length ? scoreOfPlace(operations, scores, count) : 0;
    const best: number[] = [];
    for (let at = 0; at < operations.length; at++) {
      const operation = operations[at] as number;
      if ((scores[operation] as number) >= least) best.push(operation);
    }
    best.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const seen = new Set<number>();
    const distinct = best.filter(operation => {
      const request = requests[operation] ?? 0;
      return !seen.has(request) && seen.add(request);
    });
    if (distinct.length >= limit || least === 0) return distinct.slice(0, limit);
  }
}

/** Returns the score that so many operations have, or more. */
function scoreOfPlace(operations: Uint32Array, scores: Float32Array, count: number): number {
  // A loop: `Float32Array.from` takes most of the time of a search.
  const sorted = new Float32Array(operations.length);
  for (let at = 0; at < sorted.length; at++) sorted[at] = scores[operations[at] as number] as number;
  sorted.sort();
  return sorted[sorted.length - count] ?? 0;
}
