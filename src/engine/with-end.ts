/**
 * Passes pieces on, and calls `end` once when there will be no more: all were read, the reader has left, or they broke
 * off.
 *
 * @param close ends what the pieces come from, also if none was asked for: a generator that has not begun does not
 * @param end takes the error that broke them off, and gives the one to throw
 */
export function withEnd<Piece>(
  pieces: AsyncIterableIterator<Piece>,
  close: () => Promise<unknown> | undefined,
  end: (error?: unknown) => unknown,
): AsyncIterableIterator<Piece> {
  let hasEnded = false;
  const once = (error?: unknown) => {
    if (hasEnded) return error;
    hasEnded = true;
    return end(error);
  };
  return {
    async next() {
      let result: IteratorResult<Piece>;
      try {
        result = await pieces.next();
      } catch (error) {
        throw await once(error);
      }
      if (result.done) once();
      return result;
    },
    async return() {
      try {
        await pieces.return?.();
        await close();
      } finally {
        once();
      }
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
