import { Decompress } from "fzstd";
import { ZstdFrames } from "./zstd-frames.ts";

/** Bytes that are unpacked at a time: four of them may stand for 128 KiB. */
const SLICE_BYTES = 256;

/**
 * Unpacks zstd (RFC 8878). Node's own, which only new versions have, ends in silence where a body breaks off, and behind
 * the first frame.
 */
export async function* unpackZstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacked: Uint8Array[] = [];
  const decompress = new Decompress(piece => {
    if (piece.length > 0) unpacked.push(piece);
  });
  const frames = new ZstdFrames();
  for await (const chunk of packed) {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      const slice = chunk.subarray(start, start + SLICE_BYTES);
      frames.check(slice);
      decompress.push(slice);
      yield* unpacked.splice(0);
    }
  }
  decompress.push(new Uint8Array(), true);
  yield* unpacked.splice(0);
}
