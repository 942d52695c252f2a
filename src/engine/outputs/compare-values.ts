import { isObject } from "../../base/json-object.ts";
import { decimal } from "../../base/numbers/exact-number.ts";
import { numberOf } from "../../base/numbers/number-of.ts";
import type { Comparison } from "../../language/expression/json-path-steps.ts";
import type { StepMeter } from "./step-meter.ts";

/** A function that compares two values. A missing value is `undefined`. */
type Compare = (left: unknown, right: unknown, meter: StepMeter) => boolean;

/** The comparisons of filters (RFC 9535, 2.3.5.2.2, and language chapter 6.4). */
export const comparisons: Readonly<Record<Comparison, Compare>> = {
  "==": isAlike,
  "!=": (left, right, meter) => !isAlike(left, right, meter),
  "===": isSame,
  "!==": (left, right, meter) => !isSame(left, right, meter),
  "<": isLess,
  "<=": (left, right, meter) => isLess(left, right, meter) || isSame(left, right, meter),
  ">": (left, right, meter) => isLess(right, left, meter),
  ">=": (left, right, meter) => isLess(right, left, meter) || isSame(left, right, meter),
};

/** Compares as `==` does: as {@link isSame}, and a number is like its text. */
export function isAlike(left: unknown, right: unknown, meter: StepMeter): boolean {
  if (typeof left === "string" && typeof right !== "string") {
    const number = numberOf(right);
    return number !== undefined && isTextOf(left, number);
  }
  if (typeof right === "string" && typeof left !== "string") return isAlike(right, left, meter);
  return isSame(left, right, meter);
}

const NUMERIC_TEXT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const LONGEST_NUMBER = 1_100;

function isTextOf(text: string, number: number | bigint): boolean {
  if (text.length > LONGEST_NUMBER || !NUMERIC_TEXT.test(text)) return false;
  if (typeof number === "number") return Number(text) === number;
  return /^[-+]?\d+$/.test(text) && BigInt(text.replace("+", "")) === number;
}

/** Tells whether two values are the same: of one type, members and elements included. Both may be missing. */
function isSame(left: unknown, right: unknown, meter: StepMeter): boolean {
  if (left === right) {
    if (typeof left === "string") meter.spend(left.length >> 6);
    return true;
  }
  if (isObject(left)) return isObject(right) && isSameStructure(left, right, meter);
  const number = numberOf(left);
  const other = numberOf(right);
  if (number === undefined || other === undefined) return false;
  if (isInfinite(number) || isInfinite(other)) return isSameBeyondDoubles(left, right, meter);
  // biome-ignore lint/suspicious/noDoubleEquals: between a number and a bigint, it compares their values
  return number == other;
}

function isInfinite(number: number | bigint): boolean {
  return number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY;
}

/** Compares numbers by their digits, as every double beyond the largest is infinity. */
function isSameBeyondDoubles(left: unknown, right: unknown, meter: StepMeter): boolean {
  const [one, other] = [String(left), String(right)];
  meter.spend((one.length + other.length) >> 4);
  return decimal(one) === decimal(other);
}

/** Compares lists and objects without recursion: a document may be deep. */
function isSameStructure(left: object, right: object, meter: StepMeter): boolean {
  const open: [object, object][] = [[left, right]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair as [Record<string, unknown>, Record<string, unknown>];
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length) return false;
    meter.spend(1 + names.length);
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false;
      const [first, second] = [one[name], other[name]];
      if (first !== second && isObject(first) && isObject(second)) open.push([first, second]);
      else if (!isSame(first, second, meter)) return false;
    }
  }
  return true;
}

/** Orders numbers with numbers and texts with texts. Others have no order. */
function isLess(left: unknown, right: unknown, meter: StepMeter): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  if (typeof left === "string" && typeof right === "string") {
    if (left === right) return false;
    meter.spend(Math.min(left.length, right.length) >> 4);
    return isTextBefore(left, right);
  }
  const [one, other] = [numberOf(left), numberOf(right)];
  return one !== undefined && other !== undefined && one < other;
}

const SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/** Orders texts by code points, as RFC 9535 has it. JavaScript orders by units: those of an emoji come before U+E000. */
function isTextBefore(left: string, right: string): boolean {
  const most = Math.min(left.length, right.length);
  let place = 0;
  while (place < most && left.charCodeAt(place) === right.charCodeAt(place)) place++;
  if (place === most) return left.length < right.length;
  const [one, other] = [left.charCodeAt(place), right.charCodeAt(place)];
  const isOneAstral = one >= SURROGATES && one < BEHIND_SURROGATES;
  const isOtherAstral = other >= SURROGATES && other < BEHIND_SURROGATES;
  return isOneAstral === isOtherAstral ? one < other : isOtherAstral;
}
