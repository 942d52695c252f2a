import { MASK, SHORTEST_SECRET } from "./masking/mask.ts";
import { type Keep, maskError } from "./masking/mask-error.ts";
import { maskField } from "./masking/mask-field.ts";
import { maskValue } from "./masking/mask-value.ts";
import { type PlacedSecret, SecretFinder } from "./masking/secret-finder.ts";

/**
 * Secrets that one process has handled. Masking replaces each by `***` wherever a text holds it, in every spelling that
 * decodes to it: escapes of URLs, forms, JSON, scripts and HTML in several layers, base64, hexadecimal, single lines of
 * it. A secret under four characters is only masked where it was {@link SecretMask.place placed}. If masking fails, the
 * whole text is `***`.
 */
export class SecretMask {
  /** Count of additions less removals, by secret. */
  readonly #secrets = new Map<string, number>();
  readonly #placed = new Map<string, PlacedSecret>();
  #hasShort = false;
  /** Made when a text is masked, and again after the secrets have changed. */
  #finder: SecretFinder | undefined;

  /** Tells whether some secrets are too short to be found without their place. */
  get hasShort(): boolean {
    return this.#hasShort;
  }

  /** Remembers a secret. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET) {
      this.#hasShort ||= secret !== "";
      return;
    }
    const count = this.#secrets.get(secret) ?? 0;
    this.#secrets.set(secret, count + 1);
    if (count === 0) this.#finder = undefined;
  }

  /** Takes back one {@link SecretMask.add}, so that a long-lived process does not collect expired secrets. */
  remove(secret: string): void {
    const count = this.#secrets.get(secret);
    if (count === undefined) return;
    if (count > 1) this.#secrets.set(secret, count - 1);
    else {
      this.#secrets.delete(secret);
      this.#finder = undefined;
    }
  }

  /** Remembers that `value` is secret if it follows `before`. */
  place(before: string, value: string): void {
    const key = before + value;
    if (value === "" || this.#placed.has(key)) return;
    this.#placed.set(key, { before, value });
    this.#finder = undefined;
  }

  /** Returns `text` with every known secret replaced. */
  text(text: string): string {
    if (this.#isEmpty()) return text;
    try {
      this.#finder ??= new SecretFinder(this.#secrets.keys(), this.#placed.values());
      return replaceSpans(text, this.#finder.find(text));
    } catch {
      return MASK;
    }
  }

  /** Masks the value of a header field or member. Its name may tell that it is secret. */
  field(name: string, value: string): string {
    if (this.#placed.size === 0) return this.text(value);
    return maskField(name, value, text => this.text(text));
  }

  /** Masks the secrets in bytes. Returns `bytes` itself if they hold none. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (this.#isEmpty()) return bytes;
    // Latin-1 keeps each byte.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const masked = this.text(text);
    return masked === text ? bytes : Buffer.from(masked, "latin1");
  }

  /** Copies a value with every known secret replaced in its texts, numbers and member names. */
  value(value: unknown): unknown {
    if (this.#isEmpty()) return value;
    try {
      return maskValue(value, this).value;
    } catch {
      return MASK;
    }
  }

  /**
   * Returns `error` itself if it holds no secret, else a masked copy of the same class.
   *
   * @param keep tells which errors in it stay as they are
   */
  error(error: unknown, keep: Keep = () => false): unknown {
    if (this.#isEmpty()) return error;
    try {
      return maskError(error, this, keep);
    } catch {
      return new Error(MASK);
    }
  }

  #isEmpty(): boolean {
    return this.#secrets.size === 0 && this.#placed.size === 0;
  }
}

/** @param spans start and end of each, flat */
function replaceSpans(text: string, spans: readonly number[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let end = 0;
  for (let index = 0; index < spans.length; index += 2) {
    pieces.push(text.slice(end, spans[index]), MASK);
    end = spans[index + 1] ?? text.length;
  }
  pieces.push(text.slice(end));
  return pieces.join("");
}
