// Measurements: every candidate in turn, again and again, so that a change of the machine's speed affects all alike.
// The result is the median of the ratios of neighbouring measurements.

/** Returns the median of numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures candidates in turn.
 *
 * @template Figure
 * @param {Record<string, () => Promise<Figure> | Figure>} candidates each gives one figure, such as milliseconds
 * @param {{ rounds: number, warmUp?: number }} options
 * @returns {Promise<Record<string, Figure[]>>} the figures of each, by round
 */
export async function interleave(candidates, { rounds, warmUp = 1 }) {
  const figures = Object.fromEntries(Object.keys(candidates).map(name => [name, []]));
  const names = Object.keys(candidates);
  for (let round = -warmUp; round < rounds; round++) {
    // Alternating the order keeps one candidate from always following the same other.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const figure = await candidates[name]();
      if (round >= 0) figures[name].push(figure);
    }
  }
  return figures;
}

/** Returns the median over the rounds of `a / b`. */
export function ratio(a, b) {
  return median(a.map((value, round) => value / b[round]));
}

/** Writes a row of the results: the measured work, the figure, its bound. */
export function row(what, value, bound, unit = "×") {
  return { what, value: `${value.toFixed(value < 10 ? 2 : 1)}${unit}`, bound };
}
