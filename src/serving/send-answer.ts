import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ResponseHeaders } from "../base/capability-error.ts";
import { isJsonType } from "../base/media-types.ts";
import type { UnitBytes } from "../engine/orchestration/unit-answer.ts";
import { PACKED_FROM } from "./compression.ts";
import { hasBody } from "./request-body.ts";
import { wholeBody } from "./whole-body.ts";

/** An answer whose body comes piece by piece. */
interface StreamedAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly pieces: AsyncIterableIterator<Uint8Array>;
}

/** Sends an answer whose body is at hand. */
export function sendText(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  status: number,
  contentType: string | undefined,
  body: string | Uint8Array,
): void {
  const { raw } = reply;
  if (raw.destroyed || status === 204 || status === 205 || status === 304) {
    reply.hijack();
    if (!raw.destroyed) raw.writeHead(status).end();
    return;
  }
  const fields: string[] = ["x-content-type-options", "nosniff"];
  if (contentType !== undefined) fields.push("content-type", contentType);
  const length = Buffer.byteLength(body);
  const mayBePacked = length >= PACKED_FROM && contentType !== undefined;
  if (mayBePacked) fields.push("vary", withOwnVary(raw, "accept-encoding"));
  if (status === 200 && (method === "GET" || method === "HEAD")) {
    const tag = tagOf(body, length);
    fields.push("etag", tag);
    if (isKnown(headers["if-none-match"], tag)) {
      reply.hijack();
      raw.writeHead(304, fields).end();
      return;
    }
  }
  if (mayBePacked && headers["accept-encoding"] !== undefined) {
    for (let at = 0; at < fields.length; at += 2) reply.header(fields[at] ?? "", fields[at + 1]);
    reply.code(status).compress(typeof body === "string" ? body : bufferOf(body));
    return;
  }
  // fastify would look at the answer once more.
  reply.hijack();
  fields.push("content-length", String(length));
  raw.writeHead(status, fields);
  raw.end(method === "HEAD" ? undefined : body);
}

/** Returns a field `vary` with what the server has put into it before, such as for pages of other origins. */
export function withOwnVary(raw: ServerResponse, vary: string): string {
  const own = raw.getHeader("vary");
  return own === undefined ? vary : `${own}, ${vary}`;
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * Returns a weak tag (RFC 9110, 8.8.3): content codings change the bytes, not what they say. It is made for every answer,
 * of which few clients ask again: a digest of cryptography would cost several times as much.
 */
function tagOf(body: string | Uint8Array, length: number): string {
  return `W/"${length.toString(36)}-${zlib.crc32(body).toString(36)}"`;
}

/** Tells whether a client has the answer of a tag (RFC 9110, 13.1.2). */
function isKnown(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false;
  const known = field.split(",").map(each => each.trim().replace(/^W\//, ""));
  return known.includes("*") || known.includes(tag.slice(2));
}

/** Longest JSON that is sent whole though the API has not told its length, in bytes. */
const WHOLE_JSON = 65_536;

/**
 * Sends the answer to a single call. Short JSON is waited for: it then has a length and a tag, and is packed.
 *
 * @throws what reading the first pieces throws
 */
export async function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, contentType, body, pieces }: UnitBytes,
): Promise<void> {
  if (body !== undefined) return sendText(request, reply, status, contentType, body);
  const headers: Record<string, string> = { "x-content-type-options": "nosniff" };
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (contentType === undefined || !isJsonType(contentType))
    return sendPieces(request, reply, { status, headers, pieces });
  const whole = await wholeBody(pieces, WHOLE_JSON);
  if (whole instanceof Uint8Array) return sendText(request, reply, status, contentType, whole);
  return sendPieces(request, reply, { status, headers, pieces: whole });
}

/** Sends an answer as its body arrives. A slow reader slows the API down. */
export async function sendPieces(
  { method, raw: request }: FastifyRequest,
  reply: FastifyReply,
  { status, headers, pieces }: StreamedAnswer,
): Promise<void> {
  const { raw } = reply;
  reply.hijack();
  // The rest of a body would have to be read before the next request.
  if (hasBody(request) && !request.complete) raw.shouldKeepAlive = false;
  if (raw.destroyed || method === "HEAD" || status === 204 || status === 304) {
    await pieces.return?.();
    if (!raw.destroyed) raw.writeHead(status, headers as OutgoingHttpHeaders).end();
    return;
  }
  raw.writeHead(status, headers as OutgoingHttpHeaders);
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), raw);
  } catch {
    // The status is out: only an end without an end can tell.
    raw.destroy();
  }
}
