/** Longest text that is split. The work grows with its length. */
const LONGEST = 120;
const LONGEST_PART = 24;

/**
 * Splits words that are written together (`createapikey`) into those that `costOf` knows, the cheapest way. Returns
 * `undefined` if there is none.
 *
 * @param costOf Cost of a word, `undefined` for one that is not known
 */
export function splitWords(text: string, costOf: (word: string) => number | undefined): string[] | undefined {
  if (text.length > LONGEST) return undefined;
  const costs: number[] = [0];
  const starts: number[] = [0];
  for (let end = 1; end <= text.length; end++) {
    let least = Number.POSITIVE_INFINITY;
    for (let start = Math.max(0, end - LONGEST_PART); start < end; start++) {
      const before = costs[start] ?? Number.POSITIVE_INFINITY;
      if (before >= least) continue;
      const part = text.slice(start, end);
      const cost = /^\d+$/.test(part) ? 1 : costOf(part);
      if (cost === undefined || before + cost >= least) continue;
      least = before + cost;
      starts[end] = start;
    }
    costs[end] = least;
  }
  if (costs[text.length] === Number.POSITIVE_INFINITY) return undefined;
  const parts: string[] = [];
  for (let end = text.length; end > 0; end = starts[end] ?? 0) parts.unshift(text.slice(starts[end], end));
  return parts;
}

/** Cost of each word besides its rareness: few long words are likelier than many short ones. */
const COST_OF_A_WORD = 2;
const SHORT_WORDS: ReadonlySet<string> = new Set("a an by to of in on or id ip as at up is my me v2 v3 if".split(" "));

/** Returns what words cost by how often they are among `total` words. */
export function costsOf(countOf: (word: string) => number, total: number): (word: string) => number | undefined {
  return word => {
    if (word.length < 3 && !SHORT_WORDS.has(word)) return undefined;
    const count = countOf(word);
    return count === 0 ? undefined : COST_OF_A_WORD + Math.log(Math.max(1, total / count));
  };
}
