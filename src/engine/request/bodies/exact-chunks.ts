import type { BodyStream } from "../../../net/http-request.ts";

/**
 * Yields the chunks of content, which must be as long as it says. The last chunk is held back until the content has
 * ended well: a request whose file changes while it is sent is never completed.
 *
 * @param what name of the content in the error
 * @throws Error for content of another length
 */
export async function* exactChunks(content: BodyStream, what: string): AsyncGenerator<Uint8Array> {
  let length = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of content.stream()) {
    if (chunk.length === 0) continue;
    length += chunk.length;
    if (length > content.size) break;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (length !== content.size) {
    const found = length > content.size ? "more" : `only ${length}`;
    throw new Error(`${what} has changed: it had ${content.size} bytes, and now has ${found}`);
  }
  if (held !== undefined) yield held;
}
