import { HOSTILE } from "../../../base/visible-text.ts";
import { usageError } from "../usage-error.ts";
import type { Encoding } from "./encodings.ts";
import { type Base64, joinPieces, type Pieces, type VariablePiece } from "./pieces.ts";
import { shellEncoders } from "./shell-encoders.ts";

/** Characters that a printed command must not contain. A terminal takes a pasted tab for a key. */
const UNPRINTABLE = new RegExp(`(?:\\t|${HOSTILE.source})+`, "u");

/**
 * Places where a CI system would read a command (see `printed-text.ts`). A pair of quotes there prevents that, and has no
 * meaning in a shell.
 */
const COMMAND_AHEAD = /(?<=\n)(?=\s*::)|(?<=#)(?=#[\w.-]*\[)/;

/** Text without special characters between double quotes. `!` is special in an interactive shell. */
const PLAIN_IN_DOUBLE_QUOTES = /^[^"$`\\!\n]*$/;

/** A writer of words of a POSIX shell, which remembers the functions that they call. */
export class ShellWords {
  readonly #encoders = new Set<Encoding>();

  /**
   * Writes text and references as one word: in double quotes, or if the text needs single quotes, with only the references
   * in double ones.
   *
   * @throws CapabilityError `USAGE` for a NUL, which no argument can hold
   */
  word(pieces: Pieces): string {
    if (pieces.every(piece => typeof piece === "string")) return quoteText(pieces.join(""));
    const isPlain = pieces.every(
      piece =>
        typeof piece !== "string" ||
        (PLAIN_IN_DOUBLE_QUOTES.test(piece) && !UNPRINTABLE.test(piece) && !COMMAND_AHEAD.test(piece)),
    );
    if (isPlain) return `"${this.#unquoted(pieces)}"`;
    return pieces.map(piece => (typeof piece === "string" ? quoteText(piece) : `"${this.#expansion(piece)}"`)).join("");
  }

  /** Writes the text of a header, in which characters beyond ASCII are single bytes. */
  headerWord(pieces: Pieces): string {
    if (!pieces.some(piece => typeof piece === "string" && /[\u0080-\u00ff]/.test(piece))) return this.word(pieces);
    return pieces.map(piece => (typeof piece === "string" ? quoteLatin1(piece) : this.word([piece]))).join("");
  }

  /** Returns the definitions of the functions that the words call, one line each. */
  definitions(): string {
    return [...this.#encoders].map(name => `${shellEncoders[name]}\n`).join("");
  }

  #unquoted(pieces: Pieces): string {
    return pieces
      .map((piece, index) => {
        if (typeof piece === "string") return piece;
        const next = pieces[index + 1];
        return this.#expansion(piece, typeof next === "string" && /^\w/.test(next));
      })
      .join("");
  }

  #expansion(piece: VariablePiece | Base64, hasBraces = false): string {
    if (piece.kind === "base64") return `$(printf %s ${this.word(piece.pieces)} | base64 | tr -d '\\n')`;
    let text = hasBraces && piece.encodings.length === 0 ? `\${${piece.name}}` : `$${piece.name}`;
    for (const encoding of piece.encodings) {
      this.#encoders.add(encoding);
      text = `$(${encoding}_encode "${text}")`;
    }
    return text;
  }
}

/** Quotes text as one word, in a way that every shell reads alike. */
function quoteText(text: string): string {
  if (text.includes("\0"))
    throw usageError("Cannot show the call as a command: an argument cannot hold the character U+0000");
  // Not "=x", which zsh takes for the path of a command.
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  const parts: string[] = [];
  let rest = text;
  for (let match = UNPRINTABLE.exec(rest); match !== null; match = UNPRINTABLE.exec(rest)) {
    if (match.index > 0) parts.push(singleQuoted(rest.slice(0, match.index)));
    parts.push(printed(Buffer.from(match[0])));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== "" || parts.length === 0) parts.push(singleQuoted(rest));
  return parts.join("");
}

function singleQuoted(text: string): string {
  return text
    .split(COMMAND_AHEAD)
    .map(part => `'${part.replaceAll("'", "'\\''")}'`)
    .join("");
}

/** Writes bytes by number. They must not end in a line feed, which a substitution would drop. */
function printed(bytes: Uint8Array): string {
  return `"$(printf '${Array.from(bytes, byte => `\\${byte.toString(8).padStart(3, "0")}`).join("")}')"`;
}

function quoteLatin1(text: string): string {
  return text
    .split(/([\u0080-\u00ff]+)/)
    .filter(part => part !== "")
    .map(part => (/[\u0080-\u00ff]/.test(part) ? printed(Buffer.from(part, "latin1")) : quoteText(part)))
    .join("");
}

/** Limit of bytes in an argument. Linux takes 128 KiB. */
const LONGEST_ARGUMENT = 100_000;

/** Returns the command that writes a body to standard input, or `undefined` if the body can be an argument. */
export function bodyCommand(body: Pieces | Uint8Array, words: ShellWords): string | undefined {
  if (body instanceof Uint8Array) return decoded(body);
  const text = joinPieces(body, () => "");
  const isText = body.every(piece => typeof piece === "string");
  if (isText && text.includes("\0")) return decoded(Buffer.from(text));
  if (Buffer.byteLength(text) > LONGEST_ARGUMENT) return `printf %s ${words.word(body)}`;
  return undefined;
}

function decoded(bytes: Uint8Array): string {
  return `printf %s ${Buffer.from(bytes).toString("base64")} | base64 -d`;
}
