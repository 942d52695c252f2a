/** Line of a row in the journal. */
export interface RowLine {
  readonly row: number;
  readonly isFailed: boolean;
  /** Place of its JSON, with the line break, in the bytes that come with it. */
  readonly start: number;
  readonly end: number;
  /** Place of its JSON in the journal. */
  readonly offset: number;
}
