import { isJsonObject, isObject } from "../../base/json-object.ts";
import { numberOf } from "../../base/numbers/number-of.ts";
import type { JsonPathFunction } from "../../language/expression/json-path-steps.ts";

/** A function of JSONPath of a value and arguments. Returns `null` if it has no result for them. */
type Apply = (value: unknown, args: readonly unknown[]) => unknown;

/** The functions of JSONPath by name (language chapter 6.3). */
export const jsonPathFunctions: Readonly<Record<JsonPathFunction, Apply>> = {
  length: size,
  size,
  min: ofNumbers(numbers => numbers.reduce((least, number) => (number < least ? number : least))),
  max: ofNumbers(numbers => numbers.reduce((most, number) => (number > most ? number : most))),
  avg: ofNumbers(mean),
  sum: ofNumbers(total),
  stddev: ofNumbers(standardDeviation),
  concat: (value, args) => [...(Array.isArray(value) ? value : []), ...args.flat()].map(textOf).join(""),
  append: (value, args) => (Array.isArray(value) ? [...value, ...args] : null),
  keys: value => (isJsonObject(value) ? Object.keys(value) : null),
  first: value => at(value, 0),
  last: value => at(value, -1),
  index: (value, [index]) => (Number.isInteger(index) ? at(value, index as number) : null),
};

function size(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : null;
}

type AnyNumber = number | bigint;

/** Creates a function of the numbers in a list, or in the arguments if there are any. Other values do not count. */
function ofNumbers(fold: (numbers: readonly AnyNumber[]) => AnyNumber): Apply {
  return (value, args) => {
    const values: readonly unknown[] = args.length > 0 ? args.flat() : Array.isArray(value) ? value : [];
    const numbers = values.map(numberOf).filter(number => number !== undefined);
    return numbers.length === 0 ? null : fold(numbers);
  };
}

/** Returns the sum. Integers are added without rounding, though their sum may be one that a double cannot hold. */
function total(numbers: readonly AnyNumber[]): AnyNumber {
  const rounded = numbers.reduce((sum: number, number) => sum + Number(number), 0);
  if (Number.isSafeInteger(rounded) && !numbers.some(number => typeof number === "bigint")) return rounded;
  if (!numbers.every(number => typeof number === "bigint" || Number.isSafeInteger(number))) return rounded;
  const sum = numbers.reduce((sum: bigint, number) => sum + BigInt(number), 0n);
  return Number.isSafeInteger(Number(sum)) ? Number(sum) : sum;
}

function mean(numbers: readonly AnyNumber[]): number {
  return Number(total(numbers)) / numbers.length;
}

/** Returns the deviation of the numbers themselves, not of a sample. */
function standardDeviation(numbers: readonly AnyNumber[]): number {
  const average = mean(numbers);
  return Math.sqrt(mean(numbers.map(number => (Number(number) - average) ** 2)));
}

function at(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value.at(index) ?? null) : null;
}

/** Returns a scalar as text. Lists and objects have no useful one. */
function textOf(value: unknown): string {
  return value === null || value === undefined || isObject(value) ? "" : String(value);
}
