import type { FastifyReply, FastifyRequest } from "fastify";
import { FolderProblem } from "../../serving/folder/folder-problem.ts";
import type { ServedFolder } from "../../serving/folder/served-folder.ts";
import { sendPieces, sendText } from "../../serving/send-answer.ts";

/** Longest file that is sent from memory, with a tag and packed; longer ones are sent while they are read. */
const WHOLE_BYTES = 256 * 1024;

/**
 * Sends a file of a folder.
 *
 * @param segments decoded segments of its path
 * @throws FolderProblem
 */
export async function sendFile(
  folder: ServedFolder,
  segments: readonly string[],
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<void> {
  if (segments.some(segment => segment.includes("/")))
    throw new FolderProblem("unsafe", "The path has an encoded slash");
  const opened = await folder.open(segments.join("/"));
  try {
    const { size, mediaType } = opened.file;
    // A page among the files must not act as one of this server.
    reply.raw.setHeader("content-security-policy", "sandbox");
    if (size <= WHOLE_BYTES) {
      const pieces: Uint8Array[] = [];
      for await (const piece of opened.pieces()) pieces.push(piece);
      sendText(request, reply, 200, mediaType, Buffer.concat(pieces));
      return;
    }
    const headers = {
      "content-type": mediaType,
      "content-length": String(size),
      "x-content-type-options": "nosniff",
    };
    await sendPieces(request, reply, { status: 200, headers, pieces: opened.pieces() });
  } finally {
    await opened.close();
  }
}
