/** The values at one location by key, as they are kept there. */
export type SecretFields = ReadonlyMap<string, unknown>;

/**
 * What was read from secret stores, kept for the life of the process and shared by all capabilities: a store is asked
 * once for what it keeps together, however many calls need it at the same time. What failed is not kept.
 */
export class SharedReads<Value> {
  readonly #kept = new Map<string, Value>();
  readonly #pending = new Map<string, Promise<Value>>();

  /**
   * Finds something in what was read, or reads again where it is not there: it may have been added since.
   *
   * @param key says what is read, from where and as whom
   */
  async find<Found>(
    key: string,
    read: () => Promise<Value>,
    find: (value: Value) => Found | undefined,
  ): Promise<Found | undefined> {
    const kept = this.#kept.get(key);
    const found = kept === undefined ? undefined : find(kept);
    return found ?? find(await this.#read(key, read));
  }

  /** Forgets what has turned out to be worth nothing. */
  forget(key: string): void {
    this.#kept.delete(key);
  }

  async #read(key: string, read: () => Promise<Value>): Promise<Value> {
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = read().finally(() => this.#pending.delete(key));
      this.#pending.set(key, pending);
    }
    const value = await pending;
    this.#kept.set(key, value);
    return value;
  }
}
