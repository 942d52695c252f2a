import type { Encoding } from "./encodings.ts";

/** A part of a text that is printed: as it is, the value of a variable, or pieces in base64. */
export type Piece = string | Reference | Base64;

/** The value of a variable, encoded as its place needs it. */
export interface Reference {
  readonly kind: "reference";
  /** Name in the environment, one that a shell accepts. */
  readonly name: string;
  /** Applied in this order; none for the value itself. */
  readonly encodings: readonly Encoding[];
}

/** What only its base64 is sent of, as of Basic credentials. */
export interface Base64 {
  readonly kind: "base64";
  readonly pieces: Pieces;
}

export type Pieces = readonly Piece[];

/** A request with references in place of the values of variables. */
export interface ShownRequest {
  readonly method: string;
  readonly url: Pieces;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: Pieces])[];
  /** Text where it is UTF-8. */
  readonly body?: Pieces | Uint8Array;
}

/** The pieces' text, with `write` for what is no text. */
export function joinPieces(pieces: Pieces, write: (piece: Reference | Base64) => string): string {
  return pieces.map(piece => (typeof piece === "string" ? piece : write(piece))).join("");
}

/** The pieces with every text replaced, in base64 too. */
export function mapTexts(pieces: Pieces, change: (text: string) => string): Pieces {
  return pieces.map(piece => {
    if (typeof piece === "string") return change(piece);
    return piece.kind === "base64" ? { ...piece, pieces: mapTexts(piece.pieces, change) } : piece;
  });
}

/** `Basic` credentials of a header: the pieces of `user:password`. */
export function basicCredentials(name: string, value: Pieces): Pieces | undefined {
  const [scheme, credentials, ...more] = value;
  if (name !== "authorization" || scheme !== "Basic " || more.length > 0) return undefined;
  return typeof credentials === "object" && credentials.kind === "base64" ? credentials.pieces : undefined;
}

/** The variables that the pieces refer to. */
export function* referencesIn(pieces: Pieces): Generator<Reference> {
  for (const piece of pieces) {
    if (typeof piece === "string") continue;
    if (piece.kind === "base64") yield* referencesIn(piece.pieces);
    else yield piece;
  }
}

/** Everything of a request that is written in pieces. */
export function* partsOf({ url, headers, body }: ShownRequest): Generator<Pieces> {
  yield url;
  for (const [, value] of headers) yield value;
  if (body !== undefined && !(body instanceof Uint8Array)) yield body;
}

/** Pieces as text for what cannot compute: `$NAME` stands for a variable's value, encoded as its place needs. */
export function withPlaceholders(pieces: Pieces): string {
  return joinPieces(pieces, placeholder);
}

function placeholder(piece: Reference | Base64): string {
  return piece.kind === "base64" ? `base64(${withPlaceholders(piece.pieces)})` : `$${piece.name}`;
}
