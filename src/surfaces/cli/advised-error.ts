/**
 * An error with lines that tell a person what to do about it. Programs, which read the error as JSON, do not get them:
 * its `details` hold the same facts.
 */
export class AdvisedError extends Error {
  readonly error: unknown;
  readonly advice: readonly string[];

  constructor(error: unknown, advice: readonly string[]) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.error = error;
    this.advice = advice;
  }
}
