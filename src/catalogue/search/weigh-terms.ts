import type { Term } from "./read-question.ts";
import { wordWeight } from "./search-index.ts";
import type { Statistics } from "./statistics.ts";
import { RANKING } from "./weights.ts";

/** A term whose ways to be said are weighed by how many operations have them. */
export interface WeighedTerm {
  readonly ways: readonly Way[];
  /** Highest score of an operation, besides the weight of the term. */
  readonly heaviest: number;
  readonly weight: number;
}

/** A way to say a thing: stems, all of which an operation has. */
export interface Way {
  readonly stems: readonly string[];
  /** How much it counts. */
  readonly weight: number;
  /** How much it counts that an operation is called so. */
  readonly coreWeight: number;
  /** Whether it ranks what others find, and finds nothing itself. */
  readonly isHint: boolean;
}

/** Share of the operations that is too many to be found for a term: ways that more of them have rank what others find. */
const MOST_FOUND = 0.15;

/** So many operations are looked at for any term: in small folders every term finds. */
const ALWAYS_FOUND = 200;

/** Weighs the terms of a question, and puts the rarest first. Those that no operation has are left out. */
export function weighTerms(terms: readonly Term[], statistics: Statistics): WeighedTerm[] {
  const { operationCount } = statistics;
  const weighed = terms.flatMap(({ alternatives, weight, isHint = false }) => {
    const found = alternatives
      .map(({ stems, weight }) => ({
        stems,
        weight,
        frequency: Math.min(...stems.map(stem => statistics.frequencyOf(stem))),
      }))
      .filter(({ frequency }) => frequency > 0);
    if (found.length === 0) return [];
    const usual = found.filter(({ weight }) => weight > 0.5).map(({ frequency }) => frequency);
    // A rare way to say a thing tells no more of an operation than the usual one.
    const common = wordWeight(Math.max(0, ...usual), operationCount);
    const ways = found.map(({ stems, weight, frequency }) => {
      const tells = wordWeight(frequency, operationCount);
      return {
        stems,
        frequency,
        weight: weight * (RANKING.common * common + (1 - RANKING.common) * tells),
        coreWeight: weight * tells,
      };
    });
    const count = found.reduce((sum, { frequency }) => sum + frequency, 0);
    return [{ ways, heaviest: Math.max(...ways.map(way => way.weight)), weight, isHint, count }];
  });
  if (weighed.every(({ isHint }) => isHint)) return [];
  const most = Math.max(ALWAYS_FOUND, MOST_FOUND * operationCount);
  return weighed
    .sort((a, b) => Number(a.isHint) - Number(b.isHint) || a.count - b.count)
    .map(({ count, ways, isHint, ...term }, place) => {
      let sum = 0;
      return {
        ...term,
        ways: ways.map(({ frequency, ...way }) => {
          const finds = place === 0 || (!isHint && sum + frequency <= most);
          if (finds) sum += frequency;
          return { ...way, isHint: !finds };
        }),
      };
    });
}
