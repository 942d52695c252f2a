import type { NumberForm } from "./numbers/exact-number.ts";

/** Bounds of decoding one answer, besides those of its bytes and of its depth, and the form of its large numbers. */
export interface DecodeLimits {
  /**
   * Most values of a body: members, items, cells; elements too in a page or text. It does not apply to JSON and text,
   * whose size bounds them.
   */
  readonly maxValues: number;
  /**
   * Longest processor time of decoding a body that has a thread of its own, in milliseconds; absent: what
   * {@link decodeTimeMs} allows.
   */
  readonly maxDecodeMs?: number | undefined;
  readonly numbers: NumberForm;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = { maxValues: 1_000_000, numbers: "bigint" };

const LEAST_DECODE_MS = 1_500;
const DECODE_MS_PER_MIB = 400;
const BYTES_PER_VALUE = 200;
const MIB = 1024 * 1024;

/** Returns the processor time that decoding a body may take: ten times the time that readers take for its size. */
export function decodeTimeMs(bytes: number, { maxDecodeMs }: DecodeLimits): number {
  return maxDecodeMs ?? Math.max(LEAST_DECODE_MS, Math.ceil((bytes / MIB) * DECODE_MS_PER_MIB));
}

/**
 * Returns the memory that decoding a body in a thread may take, in MiB. Texts and values are several times the bytes.
 */
export function decodeMemoryMib(bytes: number, { maxValues }: DecodeLimits): number {
  const further = Math.max(0, maxValues - DEFAULT_DECODE_LIMITS.maxValues);
  return 40 + 14 * Math.ceil(bytes / MIB) + Math.ceil((further * BYTES_PER_VALUE) / MIB);
}

/** Bound that a body exceeds. The option of that name raises it; `memory` grows with the body and the values. */
export type DecodeLimit = "maxResponseValues" | "maxDecodeMs" | "memory";

/** A body goes beyond a bound of decoding. */
export class DecodeLimitError extends Error {
  readonly limit: DecodeLimit;
  /** The bound: values, milliseconds or MiB. */
  readonly most: number;

  constructor(limit: DecodeLimit, most: number) {
    super(PROBLEMS[limit](most));
    this.limit = limit;
    this.most = most;
  }

  /** Returns the option that raises the bound. */
  get option(): "maxResponseValues" | "maxDecodeMs" {
    return this.limit === "memory" ? "maxResponseValues" : this.limit;
  }
}

const PROBLEMS: Readonly<Record<DecodeLimit, (most: number) => string>> = {
  maxResponseValues: most => `it has more than ${most} values`,
  maxDecodeMs: most => `decoding takes more than ${most} ms of processor time`,
  memory: most => `decoding takes more than ${most} MiB of memory`,
};

/** Counts the values of one body while they are made, and stops at the bound. */
export class ValueCount {
  readonly #most: number;
  #count = 0;

  constructor({ maxValues }: Pick<DecodeLimits, "maxValues">) {
    this.#most = maxValues;
  }

  /** @throws DecodeLimitError */
  add(values: number): void {
    this.#count += values;
    if (this.#count > this.#most) throw new DecodeLimitError("maxResponseValues", this.#most);
  }
}
