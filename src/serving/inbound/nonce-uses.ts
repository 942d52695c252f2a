/** Most nonces whose uses are remembered. */
const MOST_NONCES = 10_000;
/** How far behind the highest count a count may come: requests sent side by side arrive in any order. */
const WINDOW = 64;

interface Uses {
  readonly issuedMs: number;
  readonly endMs: number;
  /** Highest count so far. */
  highest: number;
  /** Bit `n`: count `highest - n` was used. */
  seen: bigint;
}

/** The counts that clients have used each nonce with: none may be used twice (RFC 7616, 3.4.5). */
export class NonceUses {
  /** In the order of their first use. */
  readonly #uses = new Map<string, Uses>();
  /** Nonces that were issued until then and are not remembered count as used: they may have been forgotten. */
  #forgottenMs = -1;

  /** Tells whether a nonce may be used with a count, and remembers that it was. */
  admit(nonce: string, issuedMs: number, count: number, endMs: number, nowMs: number): boolean {
    const uses = this.#uses.get(nonce);
    if (uses === undefined) {
      if (issuedMs <= this.#forgottenMs) return false;
      this.#makeRoom(nowMs);
      this.#uses.set(nonce, { issuedMs, endMs, highest: count, seen: 1n });
      return true;
    }
    const ahead = count - uses.highest;
    if (ahead > 0) {
      uses.seen = ahead >= WINDOW ? 1n : BigInt.asUintN(WINDOW, uses.seen << BigInt(ahead)) | 1n;
      uses.highest = count;
      return true;
    }
    const bit = 1n << BigInt(Math.min(-ahead, WINDOW));
    if (-ahead >= WINDOW || (uses.seen & bit) !== 0n) return false;
    uses.seen |= bit;
    return true;
  }

  /** Forgets nonces that have expired and, if there are too many, the one that was used first. */
  #makeRoom(nowMs: number): void {
    for (const [nonce, { issuedMs, endMs }] of this.#uses) {
      const isFull = this.#uses.size >= MOST_NONCES;
      if (endMs >= nowMs && !isFull) return;
      this.#uses.delete(nonce);
      if (endMs >= nowMs) this.#forgottenMs = Math.max(this.#forgottenMs, issuedMs);
    }
  }
}
