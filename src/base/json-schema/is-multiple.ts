import { ExactNumber } from "../numbers/exact-number.ts";
import type { JsonNumber } from "../numbers/json-number.ts";

/** Tells whether a number is a multiple of another, exactly: 0.0075 is one of 0.0001. */
export function isMultiple(value: JsonNumber, of: JsonNumber): boolean {
  const [first, second] = [decimal(value), decimal(of)];
  if (first === undefined || second === undefined || second.digits === 0n) return false;
  const exponent = Math.min(first.exponent, second.exponent);
  const scaled = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return scaled(first) % scaled(second) === 0n;
}

/** Largest exponent that is written out. */
const LARGEST_EXPONENT = 1_000;

/** The number `digits` × 10 ^ `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimal(value: JsonNumber): Decimal | undefined {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(-?\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(value instanceof ExactNumber ? value.json : String(value)) ?? [];
  if (whole === "" || Math.abs(Number(exponent)) > LARGEST_EXPONENT) return undefined;
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
