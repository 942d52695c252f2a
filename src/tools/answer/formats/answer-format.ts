/** How values are written. */
export interface AnswerFormat {
  /** @returns `undefined` for a value that it cannot write */
  write(value: unknown): Promise<WrittenAnswer | undefined>;
}

export interface WrittenAnswer {
  readonly text: string;
  /** What the text leaves out, as a text of its own. */
  readonly note: string | undefined;
}
