/**
 * The same pieces, with somebody told once when there will be no more: all were read, the reader has left, or it broke
 * off with an error.
 *
 * @param onChunk told of each piece
 */
export function chunksWithEnd(
  chunks: AsyncIterableIterator<Uint8Array>,
  onEnd: (error: unknown) => void,
  onChunk: (chunk: Uint8Array) => void = () => {},
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
        else onChunk(result.value);
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
