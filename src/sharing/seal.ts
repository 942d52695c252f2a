import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts values for a store that others may read and write (AES-256-GCM). A value is bound to its name: one that was
 * moved to another name does not open.
 */
export class Seal {
  readonly #secret: string;
  #hidingKey: Uint8Array | undefined;

  /** @param secret what every process that shares the values has, and nobody else */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /**
   * @param name name of the value in the store
   * @param more further secrets that a reader has to know
   */
  close(name: string, value: string, more = ""): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key(more), nonce).setAAD(Buffer.from(name));
    const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /** Returns a value, `undefined` for one that somebody else has written. */
  open(name: string, sealed: Buffer, more = ""): string | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.#key(more), sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }

  /** Returns what stands for a text in names. Nobody without the secret can tell whether a text that they guess is it. */
  hide(text: string): string {
    this.#hidingKey ??= this.#key("", "naftiko names");
    return createHmac("sha256", this.#hidingKey).update(text).digest("base64url");
  }

  #key(more: string, use = "naftiko shared state"): Uint8Array {
    return new Uint8Array(hkdfSync("sha256", JSON.stringify([this.#secret, more]), "", use, 32));
  }
}
