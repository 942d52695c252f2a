import type { Encoding } from "./encodings.ts";

/** A part of a printed text: literal text, the value of a variable, or pieces in base64. */
export type Piece = string | VariablePiece | Base64;

/** The encoded value of a variable. */
export interface VariablePiece {
  readonly kind: "reference";
  /** Name in the environment, valid in a shell. */
  readonly name: string;
  /** Encodings in the order of application. */
  readonly encodings: readonly Encoding[];
}

/** Pieces that are sent in base64, as Basic credentials are. */
export interface Base64 {
  readonly kind: "base64";
  readonly pieces: Pieces;
}

/** A text in pieces. */
export type Pieces = readonly Piece[];

/** A request with references instead of the values of variables. */
export interface ShownRequest {
  readonly method: string;
  readonly url: Pieces;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: Pieces])[];
  /** Pieces if it is UTF-8. */
  readonly body: Pieces | Uint8Array | undefined;
}

/** Joins pieces to a text. `write` writes those that are not text. */
export function joinPieces(pieces: Pieces, write: (piece: VariablePiece | Base64) => string): string {
  return pieces.map(piece => (typeof piece === "string" ? piece : write(piece))).join("");
}

/** Replaces every text in pieces, even in base64. */
export function mapTexts(pieces: Pieces, change: (text: string) => string): Pieces {
  return pieces.map(piece => {
    if (typeof piece === "string") return change(piece);
    return piece.kind === "base64" ? { ...piece, pieces: mapTexts(piece.pieces, change) } : piece;
  });
}

/** Returns the `Basic` credentials of a header: the pieces of `user:password`. */
export function basicCredentials(name: string, value: Pieces): Pieces | undefined {
  const [scheme, credentials, ...more] = value;
  if (name !== "authorization" || scheme !== "Basic " || more.length > 0) return undefined;
  return typeof credentials === "object" && credentials.kind === "base64" ? credentials.pieces : undefined;
}

/** Returns whether the path of a URL has "." or ".." as a segment, which clients fold. */
export function hasDotSegments(url: Pieces): boolean {
  return /\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(joinPieces(url, () => "x"));
}

/** Returns whether a request has a `content-type`. */
export function hasContentType({ headers }: ShownRequest): boolean {
  return headers.some(([name]) => name === "content-type");
}

/** Writes a body for forms that are read by people: bytes by their number. */
export function bodyForPeople(body: Pieces | Uint8Array): string {
  return body instanceof Uint8Array ? `(${body.length} bytes)` : withPlaceholders(body);
}

/** Finds the references in pieces. */
export function* referencesIn(pieces: Pieces): Generator<VariablePiece> {
  for (const piece of pieces) {
    if (typeof piece === "string") continue;
    if (piece.kind === "base64") yield* referencesIn(piece.pieces);
    else yield piece;
  }
}

/** Returns all texts of a request in pieces. */
export function* partsOf({ url, headers, body }: ShownRequest): Generator<Pieces> {
  yield url;
  for (const [, value] of headers) yield value;
  if (body !== undefined && !(body instanceof Uint8Array)) yield body;
}

/** Writes pieces for forms that are data: `$NAME` stands for a variable's encoded value. */
export function withPlaceholders(pieces: Pieces): string {
  return joinPieces(pieces, placeholder);
}

function placeholder(piece: VariablePiece | Base64): string {
  return piece.kind === "base64" ? `base64(${withPlaceholders(piece.pieces)})` : `$${piece.name}`;
}
