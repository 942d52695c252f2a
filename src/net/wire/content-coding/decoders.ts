import { Duplex } from "node:stream";
import zlib from "node:zlib";
import type { ContentCoding } from "./content-codings.ts";

/** Pieces that are given out; the smaller size of Node costs more calls than it saves memory. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Makes a stream that undoes a coding: packed bytes go in, a body comes out.
 *
 * @param first the first piece of the body
 */
export async function createDecoder(coding: ContentCoding, first: Uint8Array): Promise<Duplex> {
  const options = { chunkSize: CHUNK_BYTES };
  switch (coding) {
    case "gzip":
      return zlib.createGunzip(options);
    case "br":
      return zlib.createBrotliDecompress(options);
    case "deflate":
      return isZlib(first) ? zlib.createInflate(options) : zlib.createInflateRaw(options);
    case "zstd":
      return Duplex.from((await import("./zstd.ts")).unpackZstd);
  }
}

/**
 * Tells whether deflated bytes have the frame of zlib. They should, but some servers leave it out (RFC 9110, 8.4.1.2;
 * RFC 1950, 2.2).
 */
function isZlib([cmf = 0]: Uint8Array): boolean {
  return (cmf & 0x0f) === 8;
}
