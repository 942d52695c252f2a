import type { Alternative, Term } from "./read-question.ts";
import { HIGHEST_IMPACT, type Segment, wordWeight } from "./segment.ts";
import { RANKING } from "./weights.ts";
import { findWord } from "./word-list.ts";

/** An operation that is found. */
interface Found {
  /** Number of its file. */
  readonly file: number;
  /** Number of the operation in its file. */
  readonly operation: number;
  /** Hash of its request. */
  readonly request: number;
  readonly score: number;
}

/**
 * Ranks the operations of an index.
 *
 * @param names hashes of names that an operation may have, of which one is enough
 * @param isWanted tells whether an operation may be among them
 */
export function rank(
  segment: Segment,
  terms: readonly Term[],
  exact: { readonly name: number; readonly request: number },
  isWanted: (operation: number) => boolean,
  limit: number,
): Found[] {
  const count = segment.files.length;
  const scores = new Float32Array(count);
  const covered = new Float32Array(count);
  const cores = new Float32Array(count);
  const best = new Float32Array(count);
  const bestCore = new Float32Array(count);
  let whole = 0;
  for (const term of terms) {
    const ways = term.alternatives.flatMap(alternative => waysOf(segment, alternative));
    if (ways.length === 0) continue;
    let commonest = 0;
    for (const { weight, frequency } of ways) if (weight > 0.5) commonest = Math.max(commonest, frequency);
    const common = wordWeight(commonest, count);
    best.fill(0);
    bestCore.fill(0);
    let heaviest = 0;
    for (const way of ways) {
      const tells = RANKING.common * common + (1 - RANKING.common) * way.tells;
      heaviest = Math.max(heaviest, way.weight * tells);
      addWay(segment, way, tells, best, bestCore);
    }
    whole += term.weight * heaviest;
    for (let operation = 0; operation < count; operation++) {
      const score = best[operation] ?? 0;
      if (score === 0 || (term.isHint === true && scores[operation] === 0)) continue;
      scores[operation] = (scores[operation] ?? 0) + term.weight * score;
      covered[operation] = (covered[operation] ?? 0) + term.weight * Math.min(heaviest, score * RANKING.partial);
      cores[operation] = (cores[operation] ?? 0) + (bestCore[operation] ?? 0);
    }
  }
  const found: Found[] = [];
  for (let operation = 0; operation < count; operation++) {
    const isName = segment.names[operation] === exact.name;
    const isRequest = segment.requests[operation] === exact.request;
    let score = scores[operation] ?? 0;
    if (score === 0 && !isName && !isRequest) continue;
    if (!isWanted(operation)) continue;
    score *= (whole === 0 ? 0 : (covered[operation] ?? 0) / whole) ** RANKING.coverage;
    score *= 1 + RANKING.core * Math.min(1, (cores[operation] ?? 0) / ((segment.coreWeights[operation] ?? 0) + 1));
    if (isName) score = score * RANKING.exactName + 100;
    if (isRequest) score = score * RANKING.exactRequest + 100;
    found.push({
      file: segment.files[operation] ?? 0,
      operation: segment.operations[operation] ?? 0,
      request: segment.requests[operation] ?? 0,
      score,
    });
  }
  return best_(found, limit);
}

function best_(found: Found[], limit: number): Found[] {
  found.sort((a, b) => b.score - a.score || a.file - b.file || a.operation - b.operation);
  const seen = new Set<number>();
  const result: Found[] = [];
  for (const one of found) {
    if (seen.has(one.request)) continue;
    seen.add(one.request);
    result.push(one);
    if (result.length === limit) break;
  }
  return result;
}

/** A way to say a thing, with the stems that the index has. */
interface Way {
  readonly stems: readonly number[];
  readonly weight: number;
  readonly frequency: number;
  readonly tells: number;
}

function waysOf(segment: Segment, { stems, weight }: Alternative): Way[] {
  const numbers = stems.map(stem => findWord(segment.stems, stem));
  if (numbers.includes(-1)) return [];
  const frequency = Math.min(...numbers.map(number => frequencyOf(segment, number)));
  return [{ stems: numbers, weight, frequency, tells: wordWeight(frequency, segment.files.length) }];
}

export function frequencyOf({ postingStarts }: Segment, stem: number): number {
  return (postingStarts[stem + 1] ?? 0) - (postingStarts[stem] ?? 0);
}

function addWay(segment: Segment, way: Way, tells: number, best: Float32Array, bestCore: Float32Array): void {
  const { postings, postingStarts } = segment;
  const [first = 0, ...others] = way.stems;
  const has = others.map(stem => {
    const documents = new Map<number, number>();
    for (let at = postingStarts[stem] ?? 0; at < (postingStarts[stem + 1] ?? 0); at++) {
      const posting = postings[at] ?? 0;
      documents.set(posting >>> 9, posting & 255);
    }
    return documents;
  });
  const end = postingStarts[first + 1] ?? 0;
  for (let at = postingStarts[first] ?? 0; at < end; at++) {
    const posting = postings[at] ?? 0;
    const operation = posting >>> 9;
    let impact = posting & 255;
    for (const documents of has) impact = Math.min(impact, documents.get(operation) ?? 0);
    if (impact === 0) continue;
    const score = (way.weight * tells * impact) / HIGHEST_IMPACT;
    if (score > (best[operation] ?? 0)) best[operation] = score;
    if (posting & 256) {
      const core = way.weight * way.tells;
      if (core > (bestCore[operation] ?? 0)) bestCore[operation] = core;
    }
  }
}
