import { hash } from "node:crypto";

const FIRST_CAPACITY = 1024;

/**
 * Set of texts, of which it keeps 64 bits of a hash each: a million take 32 MB at most. Two texts of a million have the
 * same bits with a probability of 1 in 30 million.
 */
export class KeySet {
  #slots = new BigUint64Array(FIRST_CAPACITY);
  #size = 0;

  /** Adds a text. Returns whether it was new. */
  add(text: string): boolean {
    const found = hash("sha256", text, "buffer").readBigUInt64LE();
    // Zero marks a free slot.
    const bits = found === 0n ? 1n : found;
    if (!insert(this.#slots, bits)) return false;
    this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const slots = new BigUint64Array(this.#slots.length * 2);
    for (const bits of this.#slots) if (bits !== 0n) insert(slots, bits);
    this.#slots = slots;
  }
}

function insert(slots: BigUint64Array, bits: bigint): boolean {
  const last = slots.length - 1;
  for (let slot = Number(bits & BigInt(last)); ; slot = (slot + 1) & last) {
    if (slots[slot] === bits) return false;
    if (slots[slot] === 0n) {
      slots[slot] = bits;
      return true;
    }
  }
}
