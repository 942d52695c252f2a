/** Part of the rows, which one of several processes works on. */
export interface Shard {
  /** Number of the part, from 1. */
  readonly index: number;
  readonly count: number;
}

/** All rows. */
export const WHOLE: Shard = { index: 1, count: 1 };

/** Parses `i/n`, which counts from 1. Returns `undefined` for any other text. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count ? shard : undefined;
}

/** Tells whether a row is in a part. Rows are dealt in turn, so that the parts are of one size. */
export function isInShard({ index, count }: Shard, row: number): boolean {
  return (row - 1) % count === index - 1;
}

/** Returns how many of `rows` rows are in a part. */
export function sizeOfShard({ index, count }: Shard, rows: number): number {
  return Math.max(0, Math.ceil((rows - index + 1) / count));
}
