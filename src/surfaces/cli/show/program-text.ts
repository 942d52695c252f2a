import { replaceHostile, visibleText } from "../../../base/visible-text.ts";
import type { Encoding } from "./encodings.ts";
import type { Base64, Pieces, Reference } from "./pieces.ts";

/** How a programming language writes what is no text. */
export interface ProgramLanguage {
  /** The value of a variable. */
  variable(name: string): string;
  /** An expression's value, encoded. */
  readonly encoded: Readonly<Record<Encoding, (expression: string) => string>>;
  /** Base64 of an expression's value. */
  base64(expression: string): string;
}

/** Pieces as an expression of a string. */
export function expression(pieces: Pieces, language: ProgramLanguage): string {
  if (pieces.length === 0) return '""';
  return pieces
    .map(piece => (typeof piece === "string" ? stringLiteral(piece) : value(piece, language)))
    .join(" + ");
}

function value(piece: Reference | Base64, language: ProgramLanguage): string {
  if (piece.kind === "base64") return language.base64(expression(piece.pieces, language));
  return piece.encodings.reduce(
    (inner, encoding) => language.encoded[encoding](inner),
    language.variable(piece.name),
  );
}

/**
 * A string literal that JavaScript and Python read alike. Visible characters beyond the basic plane stay as they are, as
 * do invisible ones, which the form writes: Python does not put two escaped halves together.
 */
export function stringLiteral(text: string): string {
  return replaceHostile(JSON.stringify(text), character =>
    character.length > 1 ? character : visibleText(character),
  ).replace(/#(?=#[\w.-]*\[)/g, "\\u0023");
}
