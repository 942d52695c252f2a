/** Ends a call, in place of the call itself. */
type Reject = (error: Error) => void;

/** The calls under way. Each ends by itself, or when {@link finish} waits for it no longer. */
export class RunningCalls {
  readonly #mayHang: boolean;
  readonly #running = new Set<Reject>();
  /** Calls that cannot hang: being listed would cost each of them a twentieth of its time. */
  #counted = 0;
  #onIdle: (() => void) | undefined;
  /** Makes the error of calls that had to be ended. */
  #ended: (() => Error) | undefined;

  /**
   * @param mayHang whether a call may wait for a function of the program, which need not know how to end. All else ends
   *   when the connections are closed.
   */
  constructor(mayHang: boolean) {
    this.#mayHang = mayHang;
  }

  get isIdle(): boolean {
    return this.#running.size + this.#counted === 0;
  }

  /**
   * Follows a call and gives its outcome. An outcome after {@link finish} has ended the call is dropped.
   *
   * @param failed rejects with the error as its caller is to see it
   */
  follow<Value>(call: () => Promise<Value> | Value, failed: (error: unknown) => Promise<never>): Promise<Value> {
    return this.#mayHang ? this.#list(call, failed) : this.#count(call, failed);
  }

  async #count<Value>(call: () => Promise<Value> | Value, failed: (error: unknown) => Promise<never>): Promise<Value> {
    this.#counted++;
    try {
      return await call();
    } catch (error) {
      if (this.#ended !== undefined) throw this.#ended();
      return await failed(error);
    } finally {
      this.#counted--;
      this.#tellIdle();
    }
  }

  #list<Value>(call: () => Promise<Value> | Value, failed: (error: unknown) => Promise<never>): Promise<Value> {
    const work = (async () => call())();
    return new Promise((resolve, reject) => {
      this.#running.add(reject);
      work.then(
        value => {
          this.#leave(reject);
          resolve(value);
        },
        (error: unknown) => {
          if (this.#leave(reject)) resolve(failed(error));
        },
      );
    });
  }

  /**
   * Waits for the calls under way, and ends those that take longer.
   *
   * @param graceMs how long it waits, in milliseconds
   * @param reason makes the error of a call that takes longer
   * @returns whether a call had to be ended
   */
  async finish(graceMs: number, reason: () => Error): Promise<boolean> {
    if (this.isIdle) return false;
    let timer: NodeJS.Timeout | undefined;
    const isLate = await new Promise<boolean>(resolve => {
      this.#onIdle = () => resolve(false);
      timer = setTimeout(() => resolve(true), graceMs);
    });
    clearTimeout(timer);
    if (isLate) this.#ended = reason;
    for (const reject of this.#running) reject(reason());
    this.#running.clear();
    return isLate;
  }

  /** Takes a call off the list. Gives whether it was still under way. */
  #leave(call: Reject): boolean {
    const wasRunning = this.#running.delete(call);
    if (wasRunning) this.#tellIdle();
    return wasRunning;
  }

  #tellIdle(): void {
    if (this.isIdle) this.#onIdle?.();
  }
}
