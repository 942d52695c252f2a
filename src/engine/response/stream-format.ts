/** One way to send a body item by item: a row of the registry in `stream-formats.ts`. */
export interface StreamFormat {
  /** Whether an item that is not JSON is a mistake; else it is a text. */
  readonly isJson: boolean;
  /**
   * The items of a body, those that a piece of its text completes together: a promise for each of millions would take
   * longer than all else. An item without its end at the end of the body counts; an empty one does not. What is thrown
   * comes behind the items before it.
   */
  split(texts: AsyncIterable<string>, limit: ItemLimit): AsyncIterable<readonly StreamedText[]>;
}

/** An item before it is decoded. */
export interface StreamedText {
  readonly text: string;
  /** Of a server-sent event: its type and its id, where it has them. */
  readonly event?: string;
  readonly id?: string;
}

/** Bound of an item: whatever never ends must not fill the memory. */
export interface ItemLimit {
  /** In characters. */
  readonly length: number;
  /** What is thrown for a longer item. */
  error(): Error;
}
