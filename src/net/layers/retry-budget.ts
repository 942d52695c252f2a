/** Retries that a host is good for though nothing else is asked of it: a program that calls now and then retries too. */
const RESERVE = 10;
const REFILL_PER_SECOND = 0.5;
/** One retry for five calls: an API that is down gets at most a fifth more. */
const PER_CALL = 0.2;
/** Most retries that good calls save up. */
const MOST = 100;

/** Bounds the retries of one host, so that clients do not keep down what is just getting up. */
export class RetryBudget {
  readonly #clock: () => number;
  #tokens = RESERVE;
  #countedCalls = 0;
  #refilledAt: number;

  /** @param clock milliseconds from any moment on */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#refilledAt = clock();
  }

  /**
   * Takes a retry from the budget, where there is one.
   *
   * @param calls how many there have been ever
   */
  take(calls: number): boolean {
    this.#earn(calls);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #earn(calls: number): void {
    const now = this.#clock();
    if (this.#tokens < RESERVE) {
      const refill = ((now - this.#refilledAt) / 1_000) * REFILL_PER_SECOND;
      this.#tokens = Math.min(RESERVE, this.#tokens + refill);
    }
    this.#refilledAt = now;
    this.#tokens = Math.min(MOST, this.#tokens + (calls - this.#countedCalls) * PER_CALL);
    this.#countedCalls = calls;
  }
}
