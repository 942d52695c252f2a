import { MASK } from "./masking/mask.ts";
import { maskBytes } from "./masking/mask-bytes.ts";
import { type Keep, maskError } from "./masking/mask-error.ts";
import { maskField } from "./masking/mask-field.ts";
import { maskValue } from "./masking/mask-value.ts";
import { type PlacedSecret, SecretFinder } from "./masking/secret-finder.ts";
import { SHORTEST_SECRET } from "./masking/shortest-secret.ts";

/**
 * The secrets that one process has handled. Masking replaces each by `***` wherever a text holds it, in every spelling
 * that decodes to it: escapes of URLs, forms, JSON, scripts and HTML in several layers, base64, hexadecimal, lines of it.
 * A secret under four characters is only masked where it was {@link SecretMask.place placed}. Where masking fails, the
 * whole text is `***`.
 */
export class SecretMask {
  /** How often each was added and not removed. */
  readonly #secrets = new Map<string, number>();
  readonly #placed = new Map<string, PlacedSecret>();
  #hasShort = false;
  /** Made when a text is masked, and again when the secrets have changed. */
  #finder: SecretFinder | undefined;

  /** Whether there are secrets that are too short to be found without their place. */
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

  /** Takes one {@link SecretMask.add} back, so that a long life does not collect secrets that are none any more. */
  remove(secret: string): void {
    const count = this.#secrets.get(secret);
    if (count === undefined) return;
    if (count > 1) this.#secrets.set(secret, count - 1);
    else {
      this.#secrets.delete(secret);
      this.#finder = undefined;
    }
  }

  /** Remembers that `value` is secret where it follows `before`. */
  place(before: string, value: string): void {
    const key = before + value;
    if (value === "" || this.#placed.has(key)) return;
    this.#placed.set(key, { before, value });
    this.#finder = undefined;
  }

  /** `text` with every known secret replaced. */
  text(text: string): string {
    if (this.#isEmpty()) return text;
    try {
      this.#finder ??= new SecretFinder(this.#secrets.keys(), this.#placed.values());
      return replaceSpans(text, this.#finder.find(text));
    } catch {
      return MASK;
    }
  }

  /** The value of a header field or of a member, whose name may tell that it is secret. */
  field(name: string, value: string): string {
    if (this.#placed.size === 0) return this.text(value);
    return maskField(name, value, text => this.text(text));
  }

  /** Bytes with the secrets in them replaced; the same where there are none. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (this.#isEmpty()) return bytes;
    return maskBytes(bytes, text => this.text(text));
  }

  /** A copy of a value with every known secret replaced in its texts, numbers and member names. */
  value(value: unknown): unknown {
    if (this.#isEmpty()) return value;
    try {
      return maskValue(value, this).value;
    } catch {
      return MASK;
    }
  }

  /**
   * An error as it is where nothing in it is secret; else a masked copy of the same class.
   *
   * @param keep which errors in it stay as they are
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
