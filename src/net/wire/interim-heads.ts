import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** Bytes up to the first digit of a status. */
const FIRST_DIGIT = "HTTP/1.1 ".length;
const ONE = 49;
const LINE_END = 13;

/** Bytes up to the last digit of a status. */
const STATUS_BYTES = "HTTP/1.1 100".length;

const HEAD_END = "\r\n\r\n";
const NO_BYTES = new Uint8Array();

/**
 * Wraps a connector, so that a `100 Continue` that nobody asked for is ignored as the other interim answers are (RFC
 * 9110, 15.2). undici ends the connection at one. It reads each as a 103.
 */
export function ignoringContinue(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    // The socket is also returned, which its type does not say.
    connect(options, (...result: Parameters<buildConnector.Callback>) => {
      // There is none with an error, for which undici also leaves the argument out.
      const socket = result[1] as Socket | null | undefined;
      if (socket && !("alpnProtocol" in socket && socket.alpnProtocol === "h2")) readContinueAsHint(socket);
      callback(...result);
    });
}

function readContinueAsHint(socket: Socket): void {
  const heads = new InterimHeads();
  const { read, write } = socket;
  socket.write = function (this: Socket, chunk: unknown, ...rest: unknown[]): boolean {
    // undici writes the head of a request as text, as the lines between chunks, which begin with an end of line.
    if (typeof chunk === "string" && chunk.charCodeAt(0) !== LINE_END) heads.expect();
    return write.call(this, chunk as string, ...(rest as []));
  };
  socket.read = function (this: Socket, size?: number): unknown {
    for (;;) {
      const chunk = read.call(this, size) as Buffer | null;
      if (chunk === null || !heads.isExpecting) return chunk;
      const given = heads.rewrite(chunk);
      if (given.length > 0) return given;
    }
  };
}

/** The heads in front of the final answer to a request, as they arrive in pieces. */
class InterimHeads {
  isExpecting = false;
  /** Whether the next byte belongs to an interim head whose status is known. */
  #isInside = false;
  /** Last characters of that head, which may be the beginning of its end. */
  #tail = "";
  /** Beginning of a head whose status has not arrived yet. */
  #held: Uint8Array = NO_BYTES;

  /** Expects the answer to a request that is being sent. */
  expect(): void {
    this.isExpecting = true;
    this.#isInside = false;
    this.#held = NO_BYTES;
  }

  /** Returns the bytes that can be read on, with each status 100 as 103. */
  rewrite(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NO_BYTES;
    if (!this.#isInside && bytes.length > FIRST_DIGIT && bytes[FIRST_DIGIT] !== ONE) {
      this.isExpecting = false;
      return bytes;
    }
    let position = 0;
    for (;;) {
      if (this.#isInside) {
        const text = this.#tail + bytes.toString("latin1", position);
        const end = text.indexOf(HEAD_END);
        if (end < 0) {
          this.#tail = text.slice(1 - HEAD_END.length);
          return bytes;
        }
        position += end + HEAD_END.length - this.#tail.length;
        this.#isInside = false;
      }
      const status = bytes.toString("latin1", position, position + STATUS_BYTES);
      if (!mayBeInterim(status)) {
        this.isExpecting = false;
        return bytes;
      }
      if (status.length < STATUS_BYTES) {
        this.#held = bytes.subarray(position);
        return bytes.subarray(0, position);
      }
      if (status.endsWith("100")) bytes.write("3", position + STATUS_BYTES - 1, "latin1");
      position += STATUS_BYTES;
      this.#tail = "";
      this.#isInside = true;
    }
  }
}

/** Tells whether bytes are those of a status from 100 to 199, as far as there are any. */
function mayBeInterim(text: string): boolean {
  return "HTTP/1.1 1".startsWith(text.slice(0, 10)) && /^\d*$/.test(text.slice(10));
}
