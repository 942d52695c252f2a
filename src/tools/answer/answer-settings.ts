export type AnswerFormatName = "json" | "toon" | "csv";

export interface AnswerSettings {
  /** Most tokens of one answer. */
  readonly maxTokens: number;
  /** How values are written. Structured content is JSON in each of them. */
  readonly format: AnswerFormatName;
}

export const DEFAULT_MAX_TOKENS = 20_000;
/** Fewer have no room for what is said of a cut. */
export const LEAST_MAX_TOKENS = 100;

export const DEFAULT_ANSWER_SETTINGS: AnswerSettings = { maxTokens: DEFAULT_MAX_TOKENS, format: "json" };
