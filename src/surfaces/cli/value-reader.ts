import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileText } from "../../base/files/file-text.ts";
import { ioReason } from "../../base/io-reason.ts";
import type { BinaryValue } from "../../engine/request/binary-value.ts";
import type { CommandContext } from "./command-context.ts";

/** Longest file that is read before it is sent: shown by `--dry-run`, and sent as text where it is. */
const LONGEST_TEXT = 1024 * 1024;

type Fail = (problem: string) => Error;

/** Reads `@file`, `-` and `@@text`; standard input is read once. */
export class ValueReader {
  readonly #context: CommandContext;
  #stdin: Promise<Buffer> | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /**
   * Returns a text.
   *
   * @param oneLine drops the line break at the end of a file: it is not a part of a value for a URL or a header
   */
  async text(text: string, fail: Fail, oneLine = false): Promise<string> {
    const isStdin = text === "-";
    const place = isStdin ? "standard input" : this.#fileOf(text);
    if (place === undefined) return literal(text);
    const given = isStdin ? await this.#readStdin(fail) : undefined;
    const read = () => fileText(given ?? readFileSync(place));
    return withoutLineBreak(attempt(place, fail, read), oneLine);
  }

  /** Returns bytes as they are, and text if they are text. */
  async bytes(text: string, fail: Fail): Promise<string | BinaryValue> {
    const content = await this.content(text, fail);
    if (typeof content === "string" || content instanceof Uint8Array || content.size > LONGEST_TEXT) return content;
    const file = this.#fileOf(text) ?? "";
    return textOrBytes(attempt(file, fail, () => readFileSync(file)));
  }

  /** Returns a file as it is, to be read when it is sent. */
  async content(text: string, fail: Fail): Promise<string | BinaryValue> {
    if (text === "-") return textOrBytes(await this.#readStdin(fail));
    const file = this.#fileOf(text);
    if (file === undefined) return literal(text);
    const { openContent } = await import("./file-content.ts");
    const content = attempt(file, fail, () => openContent(file));
    return content instanceof Uint8Array ? textOrBytes(content) : content;
  }

  #fileOf(text: string): string | undefined {
    if (!text.startsWith("@") || text.startsWith("@@")) return undefined;
    return path.resolve(this.#context.cwd, text.slice(1));
  }

  #readStdin(fail: Fail): Promise<Buffer> {
    this.#stdin ??= readAll(this.#context);
    return this.#stdin.catch((error: Error) => {
      throw fail(`cannot be read from standard input: ${ioReason(error)}`);
    });
  }
}

function literal(text: string): string {
  return text.startsWith("@@") ? text.slice(1) : text;
}

function attempt<Value>(file: string, fail: Fail, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw fail(`cannot be read from ${file}: ${ioReason(error)}`);
  }
}

function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}

function withoutLineBreak(text: string, oneLine: boolean): string {
  return oneLine ? text.replace(/\r?\n$/, "") : text;
}

async function readAll({ stdin }: CommandContext): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
