import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";
import { PROBLEM_TYPE, problemText } from "./problem.ts";
import { Refusal } from "./refusal.ts";
import { hasBody } from "./request-body.ts";

/** Answers a request with the problem of an error. Nothing is told of an error that is not a {@link Refusal}. */
export function refuse(reply: FastifyReply, error: unknown): void {
  const { raw } = reply;
  reply.hijack();
  if (raw.destroyed || raw.writableEnded) return;
  // The status is out: only an end without an end can tell.
  if (raw.headersSent) raw.destroy();
  else refuseRequest(raw, error instanceof Refusal ? error : new Refusal(500, "The server has failed"));
}

/** Writes a refusal. */
export function refuseRequest(response: ServerResponse, { status, headers, problem }: Refusal): void {
  const body = problemText(problem);
  const { req: request } = response;
  // The rest of a body would have to be read before the next request.
  const isIncomplete = hasBody(request) && !request.complete;
  if (isIncomplete) response.shouldKeepAlive = false;
  response.writeHead(status, {
    ...headers,
    "content-type": PROBLEM_TYPE,
    "content-length": Buffer.byteLength(body),
    "x-content-type-options": "nosniff",
  });
  const told = request.method === "HEAD" ? "" : body;
  if (!isIncomplete) {
    response.end(told);
    return;
  }
  response.write(told);
  readRest(request, () => response.end());
}

/**
 * Reads the rest of a body and forgets it, for a while: a client that still sends loses the answer when the connection ends
 * before it has read it.
 */
function readRest(request: IncomingMessage, end: () => void): void {
  let left = MOST_REST_BYTES;
  const stop = () => {
    clearTimeout(timer);
    request.off("data", count);
    request.pause();
    end();
  };
  const timer = setTimeout(stop, LINGER_MS);
  const count = (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) stop();
  };
  request.on("data", count).once("end", stop).once("close", stop).once("error", stop);
}

/** Longest rest of a body that is read, in bytes. */
const MOST_REST_BYTES = 16 * 1024 * 1024;

/** Error of a connection, with the bytes that could not be read. */
interface ConnectionError {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** Answers what is not a request that Node can read, and ends the connection. */
export function refuseConnection(error: ConnectionError, socket: Socket): void {
  // Behind a part of an answer, another one would be read as the rest of it.
  const isAnswering = (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true;
  if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const { status, problem } = refusalOf(error);
  const body = problemText(problem);
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.setTimeout(LINGER_MS, () => socket.destroy());
}

/** How long a client has to take the answer to what was not read whole, in milliseconds. */
const LINGER_MS = 2_000;

function refusalOf({ code = "", rawPacket }: ConnectionError): Refusal {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return rawPacket instanceof Uint8Array && beginsWithLongLine(rawPacket)
        ? new Refusal(414, "The URL is too long")
        : new Refusal(431, "The header of the request is too long");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new Refusal(413, "The extensions of the chunks are too long");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Refusal(408, "The request has not arrived in time");
    case "CONNECT":
      return new Refusal(405, "The server is no proxy");
    default:
      return new Refusal(400, `The request is not HTTP/1.1${/^HPE_\w+$/.test(code) ? ` (${code})` : ""}`);
  }
}

/** Length that URLs may have everywhere, in bytes (RFC 9112, 3). */
const USUAL_LINE = 8_000;

/** Tells whether bytes begin with a request line that is long by itself. */
function beginsWithLongLine(packet: Uint8Array): boolean {
  const line = Buffer.from(packet.buffer, packet.byteOffset, Math.min(packet.length, USUAL_LINE)).toString("latin1");
  return line.length === USUAL_LINE && !line.includes("\n") && /^[A-Z-]+ /.test(line);
}
