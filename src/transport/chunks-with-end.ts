/**
 * The same pieces, with somebody told once when there will be no more: all were read, the reader has left, or it broke
 * off with an error.
 */
export function chunksWithEnd(
  chunks: AsyncIterableIterator<Uint8Array>,
  onEnd: (error: unknown) => void,
): AsyncIterableIterator<Uint8Array> {
  let hasEnded = false;
  const end = (error?: unknown) => {
    if (hasEnded) return;
    hasEnded = true;
    onEnd(error);
  };
  return {
    async next() {
      try {
        const result = await chunks.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end(error);
        throw error;
      }
    },
    async return() {
      end();
      await chunks.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
