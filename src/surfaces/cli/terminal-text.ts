import { TextDecoder } from "node:util";
import { type PrintedText, printData } from "./printed-text.ts";

/** Bytes that are not text in UTF-8. */
export class NotTextError extends Error {
  override readonly name = "NotTextError";
}

/** Turns bytes, as they come, into text that a terminal may show. */
export class TerminalText {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  /** A carriage return is part of a line break where a line feed follows. */
  #waiting = "";

  /** @throws NotTextError */
  add(chunk: Uint8Array): PrintedText {
    const text = this.#waiting + this.#decode(chunk);
    this.#waiting = text.endsWith("\r") ? "\r" : "";
    return printData(text.slice(0, text.length - this.#waiting.length), { isTTY: true });
  }

  /** @throws NotTextError */
  end(): PrintedText {
    return printData(this.#waiting + this.#decode(), { isTTY: true });
  }

  #decode(chunk?: Uint8Array): string {
    try {
      const text = this.#decoder.decode(chunk, { stream: chunk !== undefined });
      if (!text.includes("\0")) return text;
    } catch {}
    throw new NotTextError("Not text in UTF-8");
  }
}
