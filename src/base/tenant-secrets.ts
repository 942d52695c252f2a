import { SecretMask } from "./mask-secrets.ts";
import type { Keep } from "./masking/mask-error.ts";

/**
 * The secrets of one tenant among those of a process. Texts are masked by all of them, so that no tenant is shown another's.
 * They are taken back when nothing is left that could show them.
 */
export class TenantSecrets extends SecretMask {
  readonly #all: SecretMask;
  /** Count of additions less removals, by secret. */
  readonly #own = new Map<string, number>();

  constructor(all: SecretMask) {
    super();
    this.#all = all;
  }

  override get hasShort(): boolean {
    return this.#all.hasShort;
  }

  override add(secret: string): void {
    const count = this.#own.get(secret) ?? 0;
    this.#own.set(secret, count + 1);
    if (count === 0) this.#all.add(secret);
  }

  override remove(secret: string): void {
    const count = this.#own.get(secret);
    if (count === undefined) return;
    if (count > 1) this.#own.set(secret, count - 1);
    else {
      this.#own.delete(secret);
      this.#all.remove(secret);
    }
  }

  override place(before: string, value: string): void {
    this.#all.place(before, value);
  }

  override text(text: string): string {
    return this.#all.text(text);
  }

  override field(name: string, value: string): string {
    return this.#all.field(name, value);
  }

  override bytes(bytes: Uint8Array): Uint8Array {
    return this.#all.bytes(bytes);
  }

  override value(value: unknown): unknown {
    return this.#all.value(value);
  }

  override error(error: unknown, keep?: Keep): unknown {
    return this.#all.error(error, keep);
  }

  /** Takes all of them back. */
  forget(): void {
    for (const secret of this.#own.keys()) this.#all.remove(secret);
    this.#own.clear();
  }
}
