/**
 * Reads a body of at most some bytes. Returns the pieces of one that is longer, from the first on.
 *
 * @throws what reading the pieces throws
 */
export async function wholeBody(
  pieces: AsyncIterableIterator<Uint8Array>,
  mostBytes: number,
): Promise<Buffer | AsyncIterableIterator<Uint8Array>> {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length <= mostBytes) {
    const { done, value } = await pieces.next();
    if (done) return Buffer.concat(first, length);
    first.push(value);
    length += value.length;
  }
  return withFirst(first, pieces);
}

function withFirst(first: Uint8Array[], others: AsyncIterableIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  return {
    next() {
      const piece = first.shift();
      return piece === undefined ? others.next() : Promise.resolve({ done: false, value: piece });
    },
    return: () => others.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
