/** Why a failure is final. */
export interface AttemptsReport {
  /** How often the request was sent, where more than once. */
  readonly attempts?: number;
  /** How long the API asks to wait. */
  readonly retryAfterMs?: number;
  /** Why it was not sent again, though it might have been. */
  readonly unretried?: string;
}

/** Gives the text that a report adds to the message of an error. */
export function describeAttempts({ attempts, retryAfterMs, unretried }: AttemptsReport): string {
  const count = attempts === undefined ? "" : `, after ${attempts} attempts`;
  const because = unretried ?? (retryAfterMs ? asksToWait(retryAfterMs) : undefined);
  return because === undefined ? count : `${count}; ${because}`;
}

export function asksToWait(waitMs: number): string {
  return `the API asks to wait ${Math.ceil(waitMs / 100) / 10} s`;
}
