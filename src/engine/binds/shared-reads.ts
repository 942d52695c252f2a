import { getOrSet } from "../../base/get-or-set.ts";

/** The values at one location by key, as they are stored there. */
export type SecretFields = ReadonlyMap<string, unknown>;

/** Most results that are kept: those of many tenants come and go. */
const MOST_KEPT = 10_000;

/**
 * The results of reading secret stores, kept for the life of the process and shared by all capabilities. A store is asked
 * once for each location, however many calls need it at the same time. Failures are not kept.
 */
export class SharedReads<Value> {
  readonly #kept = new Map<string, { readonly value: Value; readonly readAt: number }>();
  readonly #pending = new Map<string, Promise<Value>>();

  /**
   * Finds something in a kept result. If it is missing there, reads again, because it may have been added since.
   *
   * @param key identifies the location and the credential
   * @param maxAgeMs how old a kept result may be; `undefined`: of any age
   */
  async find<Found>(
    key: string,
    read: () => Promise<Value>,
    find: (value: Value) => Found | undefined,
    maxAgeMs?: number,
  ): Promise<Found | undefined> {
    const kept = this.#kept.get(key);
    const isUsable = kept !== undefined && (maxAgeMs === undefined || performance.now() - kept.readAt < maxAgeMs);
    const found = isUsable ? find(kept.value) : undefined;
    return found ?? find(await this.#read(key, read));
  }

  /** Forgets a result that has turned out to be useless. */
  forget(key: string): void {
    this.#kept.delete(key);
  }

  async #read(key: string, read: () => Promise<Value>): Promise<Value> {
    const value = await getOrSet(this.#pending, key, () => read().finally(() => this.#pending.delete(key)));
    this.#kept.delete(key);
    this.#kept.set(key, { value, readAt: performance.now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }
}
