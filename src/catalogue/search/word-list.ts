/** Texts in the order of their bytes, in one piece of memory. A text is found without reading the others. */
export interface WordList {
  readonly bytes: Buffer;
  /** Where each text begins; one more for the end. */
  readonly starts: Uint32Array;
}

/** Makes a list of texts, which it sorts. Their number is their place in it. */
export function toWordList(words: Iterable<string>): WordList {
  const sorted = Array.from(words, word => Buffer.from(word)).sort(Buffer.compare);
  const starts = new Uint32Array(sorted.length + 1);
  for (const [index, word] of sorted.entries()) starts[index + 1] = (starts[index] ?? 0) + word.length;
  return { bytes: Buffer.concat(sorted), starts };
}

/** Returns the number of a word, or -1 for one that is not in the list. */
export function findWord({ bytes, starts }: WordList, word: string): number {
  const wanted = Buffer.from(word);
  let low = 0;
  let high = starts.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = bytes.compare(wanted, 0, wanted.length, starts[middle] ?? 0, starts[middle + 1] ?? 0);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Returns all words, by their numbers. */
export function readWords({ bytes, starts }: WordList): string[] {
  const words: string[] = [];
  for (let index = 0; index < starts.length - 1; index++)
    words.push(bytes.toString("utf8", starts[index], starts[index + 1]));
  return words;
}
