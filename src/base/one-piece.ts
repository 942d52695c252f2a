/** Yields a body that is at hand to a reader that takes pieces. */
export async function* onePiece(body: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield body;
}
