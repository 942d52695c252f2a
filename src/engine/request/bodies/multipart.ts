import type { BodyStream, RequestBody } from "../../../net/http-request.ts";
import { type BinaryValue, isContent } from "../binary-value.ts";
import { headerValueProblem } from "../locations/header.ts";
import { exactChunks } from "./exact-chunks.ts";

/** Part of a form (RFC 7578, 4.2). */
export interface FormPart {
  readonly name: string;
  readonly value: string | BinaryValue;
  /** File name, which makes the part a file. */
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
}

/** Creates a random boundary, which no value can hold. */
export function newBoundary(): string {
  return `----naftiko-${crypto.randomUUID()}`;
}

/**
 * Writes a form as `multipart/form-data`: text if all of it is, bytes if some are, and a stream if a part is read when
 * it is sent.
 *
 * @throws Error for a media type that a header cannot hold
 */
export function multipartBody(parts: readonly FormPart[], boundary: string): RequestBody {
  const pieces: (string | BinaryValue)[] = [];
  for (const part of parts) pieces.push(partHeader(part, boundary), part.value, "\r\n");
  pieces.push(`--${boundary}--\r\n`);
  if (pieces.some(isContent)) return streamOf(pieces);
  if (pieces.every(piece => typeof piece === "string")) return pieces.join("");
  return Buffer.concat(pieces.map(piece => (typeof piece === "string" ? Buffer.from(piece) : (piece as Uint8Array))));
}

function partHeader({ name, value, filename, contentType }: FormPart, boundary: string): string {
  const lines = [`--${boundary}`, `Content-Disposition: form-data; name="${quoted(name)}"`];
  if (filename !== undefined) lines[1] += `; filename="${quoted(filename)}"`;
  const given = isContent(value) && value.type ? value.type : undefined;
  const type = contentType ?? (filename === undefined ? undefined : (given ?? "application/octet-stream"));
  if (type !== undefined) {
    const problem = headerValueProblem(type);
    if (problem !== undefined) throw new Error(`the content type of part ${JSON.stringify(name)} ${problem}`);
    lines.push(`Content-Type: ${type}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * Quotes a text as browsers do (WHATWG HTML, multipart form data): characters that would end it are percent-encoded.
 */
function quoted(text: string): string {
  return text.replace(/\r\n?|\n/g, "\r\n").replace(/["\r\n]/g, character => encodeURIComponent(character));
}

function streamOf(pieces: readonly (string | BinaryValue)[]): BodyStream {
  const size = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  return {
    size,
    outline: pieces.map(piece => (typeof piece === "string" ? piece : `(${sizeOf(piece)} bytes)`)).join(""),
    async *stream() {
      for (const piece of pieces) {
        if (typeof piece === "string") yield Buffer.from(piece);
        else if (isContent(piece)) yield* exactChunks(piece, piece.name ?? "a part of the form");
        else yield piece;
      }
    },
  };
}

function sizeOf(piece: string | BinaryValue): number {
  if (typeof piece === "string") return Buffer.byteLength(piece);
  return isContent(piece) ? piece.size : piece.byteLength;
}
