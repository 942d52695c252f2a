/** A function that returns a whole number below another. */
export type Random = (below: number) => number;

/** Creates a generator of the same numbers in each run (a linear congruence, as of Numerical Recipes). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
