import { HIGHEST_IMPACT, type SearchIndex } from "./search-index.ts";
import type { Way, WeighedTerm } from "./weigh-terms.ts";
import { RANKING } from "./weights.ts";
import { findWord } from "./word-list.ts";

/** What is asked for. */
interface Question {
  /** The rarest first. */
  readonly terms: readonly WeighedTerm[];
  /** Hash of the name, if the question is one. */
  readonly name: number;
  /** Hash of the request, if the question is one. */
  readonly request: number | undefined;
}

/** Operations of an index that have something of a question. */
interface Scores {
  /** Numbers of the operations, in no order. */
  readonly operations: Uint32Array;
  /** Score of each operation of the index. */
  readonly scores: Float32Array;
}

/**
 * Scores the operations of an index: by the words of the question that they have, of which those count most that few
 * operations have (BM25F), by how much of the question that is, and by how little else they are called by.
 */
export function scoreOperations(index: SearchIndex, question: Question): Scores {
  const count = index.files.length;
  const scores = new Float32Array(count);
  const covered = new Float32Array(count);
  const cores = new Float32Array(count);
  const found = new NumberList(count);
  const marks = { best: new Float32Array(count), bestCore: new Float32Array(count), marked: new NumberList(count) };
  let whole = 0;
  for (const { ways, heaviest, weight } of question.terms) {
    whole += weight * heaviest;
    for (const way of ways) markWay(index, way, way.isHint ? scores : undefined, marks);
    const { best, bestCore, marked } = marks;
    for (let at = 0; at < marked.length; at++) {
      const operation = marked.numbers[at] as number;
      const score = best[operation] as number;
      if (scores[operation] === 0) found.add(operation);
      scores[operation] = (scores[operation] as number) + weight * score;
      covered[operation] = (covered[operation] as number) + weight * Math.min(heaviest, score * RANKING.partial);
      cores[operation] = (cores[operation] as number) + (bestCore[operation] as number);
      best[operation] = 0;
      bestCore[operation] = 0;
    }
    marked.length = 0;
  }
  for (let at = 0; at < found.length; at++) {
    const operation = found.numbers[at] as number;
    const share = (covered[operation] as number) / whole;
    const core = Math.min(1, (cores[operation] as number) / ((index.coreWeights[operation] as number) + 1));
    scores[operation] = (scores[operation] as number) * share * Math.sqrt(share) * (1 + RANKING.core * core);
  }
  addExact(index, question, scores, found);
  return { operations: found.numbers.subarray(0, found.length), scores };
}

/** Numbers in one piece of memory. */
class NumberList {
  readonly numbers: Uint32Array;
  length = 0;

  constructor(most: number) {
    this.numbers = new Uint32Array(most);
  }

  add(number: number): void {
    this.numbers[this.length++] = number;
  }
}

interface Marks {
  /** Highest score of each operation by the ways of one term; 0 for one that has none of them. */
  readonly best: Float32Array;
  /** The same for the words that it is called by. */
  readonly bestCore: Float32Array;
  /** Operations with a score. */
  readonly marked: NumberList;
}

/**
 * Marks the operations that have what is asked for in one way.
 *
 * @param among scores: only operations that have one are marked
 */
function markWay(
  { stems, postings, postingStarts }: SearchIndex,
  way: Way,
  among: Float32Array | undefined,
  { best, bestCore, marked }: Marks,
): void {
  const [first = -1, ...others] = way.stems.map(stem => findWord(stems, stem));
  if (first === -1 || others.includes(-1)) return;
  const impacts = others.map(stem => {
    const ofOperations = new Map<number, number>();
    for (let at = postingStarts[stem] ?? 0; at < (postingStarts[stem + 1] ?? 0); at++) {
      const posting = postings[at] as number;
      ofOperations.set(posting >>> 9, posting & 255);
    }
    return ofOperations;
  });
  const end = postingStarts[first + 1] ?? 0;
  for (let at = postingStarts[first] ?? 0; at < end; at++) {
    const posting = postings[at] as number;
    const operation = posting >>> 9;
    if (among !== undefined && among[operation] === 0) continue;
    let impact = posting & 255;
    for (const ofOperations of impacts) impact = Math.min(impact, ofOperations.get(operation) ?? 0);
    // A damaged index may have numbers beyond its operations.
    if (impact === 0 || operation >= best.length) continue;
    const score = (way.weight * impact) / HIGHEST_IMPACT;
    const before = best[operation] as number;
    if (before === 0) marked.add(operation);
    if (score > before) best[operation] = score;
    if (posting & 256 && way.coreWeight > (bestCore[operation] as number)) bestCore[operation] = way.coreWeight;
  }
}

/** Puts operations first whose name or request is asked for. */
function addExact(index: SearchIndex, { name, request }: Question, scores: Float32Array, found: NumberList): void {
  addToEqual(index.names, name, RANKING.exactName, scores, found);
  if (request !== undefined) addToEqual(index.requests, request, RANKING.exactRequest, scores, found);
}

/** Adds to the score of each operation that has a hash. */
function addToEqual(hashes: Uint32Array, wanted: number, more: number, scores: Float32Array, found: NumberList): void {
  for (let operation = hashes.indexOf(wanted); operation !== -1; operation = hashes.indexOf(wanted, operation + 1)) {
    if (scores[operation] === 0) found.add(operation);
    scores[operation] = (scores[operation] as number) + more;
  }
}
