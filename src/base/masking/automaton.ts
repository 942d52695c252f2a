import { addSpan, type TextRanges } from "./reading.ts";

/** A mark of something left out, in messages and between the pieces of a decoded text. */
export const CUT = "\u2026";

/** Shortest beginning of a secret that is masked in front of a cut; shorter ones reveal nothing. */
const SHORTEST_BEFORE_CUT = 8;
/** Shortest beginning that is masked at the end of a text, which may as well be whole. */
const SHORTEST_AT_END = 32;

/** Narrows a match, or refuses it with `undefined`. */
export type Narrow = (start: number, end: number) => readonly [start: number, end: number] | undefined;

/**
 * Finds many patterns in one pass over a text (Aho and Corasick, 1975). A node is a beginning of a pattern. Most nodes
 * have one child, which stands in an array; further children are in a map, which has at most one entry a pattern.
 * Time and memory are linear in the length of the patterns, and a search is linear in the text, whatever both hold.
 */
export class Automaton {
  /** Steps of building and of all searches, for tests and budgets. */
  steps = 0;
  readonly #units: Uint16Array;
  readonly #depths: Uint32Array;
  readonly #firstChild: Int32Array;
  readonly #otherChildren = new Map<number, number>();
  /** A 1 for each unit that a pattern begins with. Most of a text is skipped by it. */
  readonly #beginnings = new Uint8Array(0x10000);
  readonly #fallback: Int32Array;
  /** Length of the longest pattern that ends at a node; 0 for none. */
  readonly #found: Uint32Array;
  #size = 1;

  constructor(patterns: Iterable<string>) {
    if (sameUnits.length === 0) sameUnits = makeSameUnits();
    const list = [...patterns];
    const capacity = list.reduce((sum, pattern) => sum + pattern.length, 1);
    this.#units = new Uint16Array(capacity);
    this.#depths = new Uint32Array(capacity);
    this.#firstChild = new Int32Array(capacity);
    this.#fallback = new Int32Array(capacity);
    this.#found = new Uint32Array(capacity);
    const parents = new Int32Array(capacity);
    for (const pattern of list) this.#insert(pattern, parents);
    this.#link(parents);
  }

  /** Finds the patterns in `text`, and the beginning of a pattern in front of a {@link CUT}. */
  scan(text: string, narrow?: Narrow): TextRanges {
    const spans: TextRanges = [];
    let node = 0;
    let steps = text.length;
    for (let index = 0; index < text.length; index++) {
      const unit = sameUnit(text.charCodeAt(index));
      if (node === 0 && this.#beginnings[unit] === 0) continue;
      let next = this.#child(node, unit);
      if (next === 0 && unit === CUT_UNIT) this.#addBeginning(node, index, SHORTEST_BEFORE_CUT, spans);
      while (next === 0 && node !== 0) {
        node = this.#fallback[node] ?? 0;
        next = this.#child(node, unit);
        steps++;
      }
      node = next;
      const length = this.#found[node] ?? 0;
      if (length === 0) continue;
      const start = index + 1 - length;
      if (narrow === undefined) addSpan(spans, start, index + 1);
      else {
        const range = narrow(start, index + 1);
        if (range !== undefined) addSpan(spans, ...range);
      }
    }
    this.#addBeginning(node, text.length, SHORTEST_AT_END, spans);
    this.steps += steps;
    return spans;
  }

  #addBeginning(node: number, end: number, shortest: number, spans: TextRanges): void {
    const length = this.#depths[node] ?? 0;
    if (length >= shortest) addSpan(spans, end - length, end);
  }

  #insert(pattern: string, parents: Int32Array): void {
    if (pattern === "") return;
    let node = 0;
    this.#beginnings[sameUnit(pattern.charCodeAt(0))] = 1;
    for (let index = 0; index < pattern.length; index++) {
      const unit = sameUnit(pattern.charCodeAt(index));
      let child = this.#child(node, unit);
      if (child === 0) {
        child = this.#size++;
        this.#units[child] = unit;
        this.#depths[child] = index + 1;
        parents[child] = node;
        if (this.#firstChild[node] === 0) this.#firstChild[node] = child;
        else this.#otherChildren.set(keyOf(node, unit), child);
      }
      node = child;
    }
    this.#found[node] = pattern.length;
    this.steps += pattern.length;
  }

  /** Gives each node its fallback: the longest other beginning of a pattern that the node ends with. */
  #link(parents: Int32Array): void {
    for (const node of this.#byDepth()) {
      const parent = parents[node] ?? 0;
      if (parent === 0) continue;
      const unit = this.#units[node] ?? 0;
      let from = this.#fallback[parent] ?? 0;
      let target = this.#child(from, unit);
      while (target === 0 && from !== 0) {
        from = this.#fallback[from] ?? 0;
        target = this.#child(from, unit);
        this.steps++;
      }
      this.#fallback[node] = target;
      // A pattern that ends here is longer than those that its end holds.
      if (this.#found[node] === 0) this.#found[node] = this.#found[target] ?? 0;
      this.steps++;
    }
  }

  /** Returns all nodes but the root, by the length of their beginnings. */
  #byDepth(): Int32Array {
    const places: number[] = [];
    for (let node = 1; node < this.#size; node++) {
      const depth = this.#depths[node] ?? 0;
      places[depth] = (places[depth] ?? 0) + 1;
    }
    let place = 0;
    for (let depth = 1; depth < places.length; depth++) {
      const count = places[depth] ?? 0;
      places[depth] = place;
      place += count;
    }
    const nodes = new Int32Array(this.#size - 1);
    for (let node = 1; node < this.#size; node++) {
      const depth = this.#depths[node] ?? 0;
      const at = places[depth] ?? 0;
      nodes[at] = node;
      places[depth] = at + 1;
    }
    return nodes;
  }

  /** Returns the child for a unit, or 0 if there is none: the root is never a child. */
  #child(node: number, unit: number): number {
    const first = this.#firstChild[node] ?? 0;
    if (first === 0 || this.#units[first] === unit) return first;
    return this.#otherChildren.get(keyOf(node, unit)) ?? 0;
  }
}

const CUT_UNIT = CUT.charCodeAt(0);

/** Last unit of the alphabets with upper and lower case, but for a few. */
const LAST_OF_ALPHABETS = 0x58f;

/**
 * Maps units that encodings mix up to one. A form writes a space as `+`, a URL writes a backslash as a slash and a host
 * in lower case, and a message may use any case.
 */
function makeSameUnits(): Uint16Array {
  const units = Uint16Array.from({ length: LAST_OF_ALPHABETS + 1 }, (_, unit) => {
    const lower = String.fromCharCode(unit).toLowerCase();
    return lower.length === 1 ? lower.charCodeAt(0) : unit;
  });
  units[0x2b] = 0x20;
  units[0x5c] = 0x2f;
  return units;
}

/** Made when first needed. */
let sameUnits: Uint16Array = new Uint16Array();

function sameUnit(unit: number): number {
  return sameUnits[unit] ?? unit;
}

/** Replaces the units of a text by those they count as. */
export function sameText(text: string): string {
  if (sameUnits.length === 0) sameUnits = makeSameUnits();
  let same = "";
  for (let index = 0; index < text.length; index++) same += String.fromCharCode(sameUnit(text.charCodeAt(index)));
  return same;
}

function keyOf(node: number, unit: number): number {
  return node * 0x10000 + unit;
}
