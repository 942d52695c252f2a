/** Listeners to pieces that pass by. */
interface Ending<Piece> {
  /**
   * Called once when there will be no more, with the error that broke them off, and waited for. It may give another error
   * to throw.
   */
  readonly end: (error?: unknown) => unknown;
  /** Called with each piece. */
  readonly piece?: (piece: Piece) => void;
  /** Ends what the pieces come from, also if none was asked for: a generator that has not begun does not. */
  readonly close?: () => Promise<unknown> | undefined;
}

/** Passes pieces on, and tells of their end: all were read, the reader has left, or they broke off. */
export function withEnd<Piece>(
  pieces: AsyncIterableIterator<Piece>,
  { end, piece, close }: Ending<Piece>,
): AsyncIterableIterator<Piece> {
  let hasEnded = false;
  const once = (error?: unknown) => {
    if (hasEnded) return undefined;
    hasEnded = true;
    return end(error);
  };
  return {
    async next() {
      let result: IteratorResult<Piece>;
      try {
        result = await pieces.next();
      } catch (error) {
        throw (await once(error)) ?? error;
      }
      if (result.done) await once();
      else piece?.(result.value);
      return result;
    },
    async return() {
      try {
        await pieces.return?.();
        await close?.();
      } finally {
        await once();
      }
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
