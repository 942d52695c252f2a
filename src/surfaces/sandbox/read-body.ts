import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.ts";

/** Longest body of a request, in bytes. */
const LONGEST_BODY: number = 10 * 1024 * 1024;

/** How much of a body that is too long is read, so that its sender gets to read the answer. */
const MOST_DISCARDED = 8 * LONGEST_BODY;

/**
 * Reads a whole request body.
 *
 * @throws ApiError 413 for one that is too long
 */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= LONGEST_BODY) chunks.push(chunk as Buffer);
    else chunks.length = 0;
    if (length > MOST_DISCARDED) break;
  }
  if (length <= LONGEST_BODY) return Buffer.concat(chunks);
  throw new ApiError(413, "body_too_large", `The body is longer than ${LONGEST_BODY} bytes`, {
    connection: "close",
  });
}
