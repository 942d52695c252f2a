/** One raw format of responses: a row of the registry in `raw-formats.ts`. */
export interface RawFormat {
  /**
   * The value of a body.
   *
   * @throws Error with the reason, for a body that is not of the format
   */
  decode(body: Uint8Array): unknown;
}
