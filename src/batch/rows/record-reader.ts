/** One record of a text, or what is wrong with it. */
export type ReadRecord<Value> =
  | {
      /** Number of its first line, from 1. */
      readonly line: number;
      /** `undefined` where it is not wanted: then it is not looked at either. */
      readonly value: Value | undefined;
      readonly problem?: undefined;
    }
  | {
      readonly line: number;
      readonly value?: undefined;
      /** Problem, as the end of a sentence about the record. */
      readonly problem: string;
    };

/** Divides a text that arrives in pieces into records. Empty lines are none. */
export interface RecordReader<Value> {
  /** Line that the next record begins at, from 1. */
  readonly line: number;
  /** Takes the next piece of the text. */
  push(text: string): void;
  /** Tells that there is no more text. */
  end(): void;
  /** Returns the next record, or `undefined` where more text is needed, or where the text has ended. */
  next(isWanted: boolean): ReadRecord<Value> | undefined;
}

/** Longest record in characters. A longer one is not kept in memory. */
export const LONGEST_RECORD: number = 16 * 1024 * 1024;

/** Problem of a longer one. */
export const TOO_LONG = "is longer than 16 MiB";
