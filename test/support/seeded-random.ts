/** A function that returns a whole number below another. */
export type Random = (below: number) => number;

/** Creates a generator of whole numbers, the same ones for the same seed. */
export function seededRandom(seed: number): Random {
  const next = randomFrom(seed);
  return below => Math.floor(next() * below);
}

/** Creates a generator of numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
