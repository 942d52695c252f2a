import { replaceHostile, visibleText } from "../../../base/visible-text.ts";
import type { Encoding } from "./encodings.ts";
import type { Base64, Pieces, VariablePiece } from "./pieces.ts";

/** The expressions of a programming language for references. */
export interface ProgramLanguage {
  /** Writes the value of a variable. */
  variable(name: string): string;
  /** Write an expression's encoded value. */
  readonly encoded: Readonly<Record<Encoding, (expression: string) => string>>;
  /** Writes the base64 of an expression's value. */
  base64(expression: string): string;
}

/** Writes pieces as an expression of a string. */
export function expression(pieces: Pieces, language: ProgramLanguage): string {
  if (pieces.length === 0) return '""';
  return pieces.map(piece => (typeof piece === "string" ? stringLiteral(piece) : value(piece, language))).join(" + ");
}

function value(piece: VariablePiece | Base64, language: ProgramLanguage): string {
  if (piece.kind === "base64") return language.base64(expression(piece.pieces, language));
  return piece.encodings.reduce((inner, encoding) => language.encoded[encoding](inner), language.variable(piece.name));
}

/**
 * Writes a string literal for JavaScript and Python. Characters beyond the basic plane stay, because Python does not join
 * two escaped halves. The form itself escapes the invisible ones.
 */
export function stringLiteral(text: string): string {
  return replaceHostile(JSON.stringify(text), character =>
    character.length > 1 ? character : visibleText(character),
  ).replace(/#(?=#[\w.-]*\[)/g, "\\u0023");
}
