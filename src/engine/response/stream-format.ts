/** One way to send a body item by item: a row of the registry in `stream-formats.ts`. */
export interface StreamFormat {
  /** Whether every item must be JSON. If not, other items are texts. */
  readonly isJson: boolean;
  /**
   * Splits a body into items. Those that a piece of its text completes come together, because a promise for each one would
   * be slow. An incomplete item at the end of the body counts, an empty one does not. An error comes after the items before
   * it.
   */
  split(texts: AsyncIterable<string>, limit: ItemLimit): AsyncIterable<readonly StreamedText[]>;
}

/** An item before it is decoded. */
export interface StreamedText {
  readonly text: string;
  /** Type of a server-sent event, if it has one. */
  readonly event?: string;
  /** Id of a server-sent event, if it has one. */
  readonly id?: string;
}

/** The limit of an item: an endless one must not fill the memory. */
export interface ItemLimit {
  /** In characters. */
  readonly length: number;
  /** Creates the error of a longer item. */
  error(): Error;
}
