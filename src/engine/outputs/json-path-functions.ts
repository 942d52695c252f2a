import { isJsonObject } from "../../base/json-object.ts";
import type { JsonPathFunction } from "../../language/expression/json-path-steps.ts";

/** A function of JSONPath of a value and arguments. Returns `null` if it has no result for them. */
type Apply = (value: unknown, args: readonly unknown[]) => unknown;

/** The functions of JSONPath by name (language chapter 6.3). */
export const jsonPathFunctions: Readonly<Record<JsonPathFunction, Apply>> = {
  length: size,
  size,
  min: ofNumbers(numbers => numbers.reduce((least, number) => Math.min(least, number))),
  max: ofNumbers(numbers => numbers.reduce((most, number) => Math.max(most, number))),
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

/** Creates a function of the numbers in a list, or in the arguments if there are any. Other values do not count. */
function ofNumbers(fold: (numbers: readonly number[]) => number): Apply {
  return (value, args) => {
    const values: readonly unknown[] = args.length > 0 ? args.flat() : Array.isArray(value) ? value : [];
    const numbers = values.filter(item => typeof item === "number");
    return numbers.length === 0 ? null : fold(numbers);
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function mean(numbers: readonly number[]): number {
  return total(numbers) / numbers.length;
}

/** Returns the deviation of the numbers themselves, not of a sample. */
function standardDeviation(numbers: readonly number[]): number {
  const average = mean(numbers);
  return Math.sqrt(mean(numbers.map(number => (number - average) ** 2)));
}

function at(value: unknown, index: number): unknown {
  return Array.isArray(value) ? (value.at(index) ?? null) : null;
}

/** Returns a scalar as text. Lists and objects have no useful one. */
function textOf(value: unknown): string {
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}
