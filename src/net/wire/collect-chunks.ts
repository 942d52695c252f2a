import type { Bounds } from "../transport.ts";
import { tooLargeError } from "../transport-error.ts";

/**
 * Reads the whole of a body that comes piece by piece.
 *
 * @throws CapabilityError `RESPONSE_TOO_LARGE`, and whatever the exchange fails with
 */
export async function collectChunks(
  chunks: AsyncIterable<Uint8Array>,
  url: string,
  bounds: Bounds,
): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > bounds.maxResponseBytes) throw tooLargeError(url, bounds);
    found.push(chunk);
  }
  return Buffer.concat(found, size);
}
