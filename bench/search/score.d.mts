/** A question in a person's words, with the requests that answer it. */
export interface Question {
  readonly kind: string;
  readonly question: string;
  /** Each is a method and a path as a file writes it. */
  readonly answers: readonly string[];
}

/** How many questions have an answer as the first, among the first three and among the first ten. */
export interface Score {
  readonly first: number;
  readonly three: number;
  readonly ten: number;
}

export const questions: Readonly<Record<"tuning" | "holdout" | "agents", readonly Question[]>>;

/** Counts where the answers are among what `find` finds: requests, the best first. */
export function scoreOf(asked: readonly Question[], find: (question: string) => readonly string[]): Score;
