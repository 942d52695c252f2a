import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import zlib from "node:zlib";
import { Refusal } from "./refusal.ts";

/** Tells whether a request has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Reads the whole body of a request, and undoes its content codings.
 *
 * @throws Refusal 413 for a body of more than `maxBytes`, before or after decoding; 415 for another content coding; 400
 *   for a body that is not of its coding
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const coding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const createDecoder = coding === "identity" ? undefined : decoders.get(coding);
  if (createDecoder === undefined && coding !== "identity")
    throw new Refusal(415, `The content coding ${JSON.stringify(coding)} of the body is not understood`, {
      "accept-encoding": [...decoders.keys()].join(", "),
    });
  const body = await readSentBody(request, maxBytes);
  return createDecoder === undefined ? body : decode(body, createDecoder(), maxBytes, coding);
}

/**
 * Reads the whole body of a request as it was sent.
 *
 * @throws Refusal 413
 */
export async function readSentBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"]) > maxBytes) throw tooLarge(maxBytes);
  return collect(request, maxBytes);
}

const decoders = new Map([
  ["gzip", zlib.createGunzip],
  ["x-gzip", zlib.createGunzip],
  ["deflate", zlib.createInflate],
  ["br", zlib.createBrotliDecompress],
]);

async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The rest of a body that is too large is read when it is refused.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
}

async function decode(
  body: Buffer,
  decoder: ReturnType<typeof zlib.createGunzip>,
  maxBytes: number,
  coding: string,
): Promise<Buffer> {
  decoder.end(body);
  try {
    return await collect(decoder, maxBytes);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, `The body is not of its content coding ${JSON.stringify(coding)}`);
  } finally {
    decoder.destroy();
  }
}

/** Makes the refusal of a body that has too many bytes. */
export function tooLarge(maxBytes: number): Refusal {
  // The rest of the body is not read.
  return new Refusal(413, `The body has more than ${maxBytes} bytes`, { connection: "close" });
}
