import { Automaton, type Narrow, sameText } from "./automaton.ts";
import { decodeEscapes, decodersOfOneKind, decodeZeros, type Unescape } from "./escapes.ts";
import { SHORTEST_SECRET } from "./mask.ts";
import { readBytes } from "./packed-bytes.ts";
import { Reading, readReplaced, type TextRanges } from "./reading.ts";
import { BLANKS, secretForms } from "./secret-forms.ts";
import { textInBytes } from "./text-in-bytes.ts";

/** A value that is secret where it follows `before`, as in `?key=abc`; elsewhere it is too short to be told from others. */
export interface PlacedSecret {
  readonly before: string;
  readonly value: string;
}

/** Layers of mixed escapes that are removed. Three are promised; a secret may have some itself. */
const MOST_LAYERS = 6;
const MOST_LAYERS_OF_ONE_KIND = 3;
/** Times that bytes are decoded from bytes, such as base64 in base64. */
const MOST_PACKINGS = 3;
/** Steps allowed for each character of a text. Only a text made for that asks for more. */
const MOST_STEPS = 48;
/** Passes over a text to find bytes in it. */
const READERS_OF_BYTES = 4;
const STEPS_OF_ANY_TEXT = 1 << 20;
/** Steps of decoding one escape. */
const STEPS_OF_A_PART = 24;

/** Part of a name or number. A placed secret ends in front of any other character. */
const WORD = /[\w-]/;

/** Finds secrets in texts, in every spelling that decodes to one. */
export class SecretFinder {
  readonly #whole: Automaton;
  readonly #squeezed: Automaton | undefined;
  readonly #placed: Automaton | undefined;
  /** Length of the text before the value, by both together. */
  readonly #lengthBefore = new Map<string, number>();

  constructor(secrets: Iterable<string>, placed: Iterable<PlacedSecret> = []) {
    const whole = new Set<string>();
    const squeezed = new Set<string>();
    for (const secret of secrets) {
      const forms = secretForms(secret);
      for (const form of forms.whole) whole.add(form);
      for (const form of forms.squeezed) squeezed.add(form);
    }
    for (const { before, value } of placed) this.#lengthBefore.set(sameText(before + value), before.length);
    this.#whole = new Automaton(whole);
    this.#squeezed = squeezed.size === 0 ? undefined : new Automaton(squeezed);
    this.#placed = this.#lengthBefore.size === 0 ? undefined : new Automaton(this.#lengthBefore.keys());
  }

  /** Characters looked at to decode texts. */
  #decoded = 0;

  /** Returns the steps of building and of all searches. */
  get steps(): number {
    return [this.#whole, this.#squeezed, this.#placed].reduce((sum, found) => sum + (found?.steps ?? 0), this.#decoded);
  }

  /**
   * Finds the secrets in a text.
   *
   * @throws RangeError if the text has so many readings that a search would take too long
   */
  find(text: string): TextRanges {
    if (text.length < SHORTEST_SECRET) return [];
    const allowed = text.length * MOST_STEPS + STEPS_OF_ANY_TEXT;
    const search: Search = {
      covered: undefined,
      length: text.length,
      seen: new Set([text]),
      left: allowed,
    };
    const original = new Reading(text);
    this.#scan(original, search);
    this.#explore(original, search, MOST_PACKINGS);
    this.#decoded += allowed - search.left;
    return spansOf(search.covered);
  }

  #explore(reading: Reading, search: Search, packings: number): void {
    const last = this.#unfold(reading, decodeEscapes, MOST_LAYERS, search);
    for (const decode of decodersOfOneKind) this.#unfold(reading, decode, MOST_LAYERS_OF_ONE_KIND, search);
    if (packings === 0) return;
    for (const packed of new Set([reading, last])) {
      spend(packed.text.length * READERS_OF_BYTES, search);
      for (const bytes of readBytes(packed)) {
        if (!isNew(bytes, search)) continue;
        this.#scan(bytes, search);
        this.#unfold(bytes, decodeZeros, 1, search);
        const text = textInBytes(bytes);
        if (text !== undefined) this.#explore(text, search, packings - 1);
      }
    }
  }

  /** Removes layer by layer, and returns the last reading. */
  #unfold(reading: Reading, decode: Unescape, layers: number, search: Search): Reading {
    let last = reading;
    for (let layer = 0; layer < layers; layer++) {
      spend(last.text.length, search);
      const next = decode(last);
      if (next === undefined) break;
      spend(next.parts * STEPS_OF_A_PART, search);
      last = next;
      if (isNew(next, search)) this.#scan(next, search);
    }
    return last;
  }

  #scan(reading: Reading, search: Search): void {
    spend(reading.text.length, search);
    cover(reading, this.#whole.scan(reading.text), search);
    if (this.#placed !== undefined)
      cover(reading, this.#placed.scan(reading.text, this.#valueIn(reading.text)), search);
    if (this.#squeezed === undefined) return;
    const squeezed = withoutBlanks(reading);
    spend(squeezed.text.length, search);
    cover(squeezed, this.#squeezed.scan(squeezed.text), search);
  }

  #valueIn(text: string): Narrow {
    return (start, end) => {
      if (WORD.test(text.charAt(start - 1)) && WORD.test(text.charAt(start))) return undefined;
      if (WORD.test(text.charAt(end))) return undefined;
      const before = this.#lengthBefore.get(sameText(text.slice(start, end)));
      return before === undefined ? undefined : [start + before, end];
    };
  }
}

interface Search {
  /** A 1 for each character of the text that is part of a secret. */
  covered: Uint8Array | undefined;
  readonly length: number;
  /** Readings that have been looked at. */
  readonly seen: Set<string>;
  left: number;
}

function isNew({ text }: Reading, { seen }: Search): boolean {
  if (seen.has(text)) return false;
  seen.add(text);
  return true;
}

function spend(steps: number, search: Search): void {
  search.left -= steps;
  if (search.left < 0) throw new RangeError("The text has too many readings");
}

function cover(reading: Reading, spans: TextRanges, search: Search): void {
  if (spans.length === 0) return;
  search.covered ??= new Uint8Array(search.length);
  const found = reading.toOriginal(spans);
  for (let index = 0; index < found.length; index += 2) search.covered.fill(1, found[index], found[index + 1]);
}

function spansOf(covered: Uint8Array | undefined): TextRanges {
  const spans: TextRanges = [];
  for (let start = covered?.indexOf(1) ?? -1; covered !== undefined && start >= 0; ) {
    const next = covered.indexOf(0, start);
    const end = next < 0 ? covered.length : next;
    spans.push(start, end);
    start = next < 0 ? -1 : covered.indexOf(1, end);
  }
  return spans;
}

function withoutBlanks(reading: Reading): Reading {
  return readReplaced(reading, BLANKS, () => "") ?? reading;
}
