import { type Base64, joinPieces, type Pieces, type Reference } from "./pieces.ts";

/** Pieces as text for what cannot compute: `$NAME` stands for a variable's value, encoded as its place needs. */
export function withPlaceholders(pieces: Pieces): string {
  return joinPieces(pieces, placeholder);
}

function placeholder(piece: Reference | Base64): string {
  return piece.kind === "base64" ? `base64(${withPlaceholders(piece.pieces)})` : `$${piece.name}`;
}
