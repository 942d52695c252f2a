import { MAX_CASSETTE_BYTES } from "./cassette.ts";

/**
 * The same pieces, kept until their end: `record` gets all that came, also where the reader has seen enough. Nothing is
 * recorded of a body that breaks off.
 */
export function recordChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  record: (body: Uint8Array) => Promise<void>,
): AsyncIterableIterator<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  let isRecorded = false;

  async function finish(): Promise<void> {
    if (isRecorded) return;
    isRecorded = true;
    await record(Buffer.concat(kept));
  }

  return {
    async next() {
      const result = await chunks.next();
      if (result.done) await finish();
      // One that is longer cannot be recorded, and an endless one must not fill the memory.
      else if (size <= MAX_CASSETTE_BYTES) {
        kept.push(result.value);
        size += result.value.length;
      }
      return result;
    },
    async return() {
      await chunks.return?.();
      await finish();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
