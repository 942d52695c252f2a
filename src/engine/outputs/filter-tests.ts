import type { FilterTestOperator } from "../../language/expression/json-path-steps.ts";
import { isAlike } from "./compare-values.ts";
import type { StepMeter } from "./step-meter.ts";

type Test = (left: unknown, right: unknown, meter: StepMeter) => boolean;

/** The tests of filters by operator (language chapter 6.4). Missing values are `undefined`. */
export const filterTests: Readonly<Record<FilterTestOperator, Test>> = {
  in: (left, right, meter) => contains(right, left, meter),
  nin: (left, right, meter) => !contains(right, left, meter),
  subsetof: (left, right, meter) => Array.isArray(left) && left.every(item => contains(right, item, meter)),
  anyof: (left, right, meter) => Array.isArray(left) && left.some(item => contains(right, item, meter)),
  noneof: (left, right, meter) => Array.isArray(left) && !left.some(item => contains(right, item, meter)),
  size: (left, right) => isSized(left) && left.length === (isSized(right) ? right.length : right),
  empty: (left, right) => isSized(left) && (left.length === 0) === right,
};

function contains(list: unknown, wanted: unknown, meter: StepMeter): boolean {
  if (!Array.isArray(list)) return false;
  meter.spend(list.length);
  return list.some(item => isAlike(item, wanted, meter));
}

function isSized(value: unknown): value is string | readonly unknown[] {
  return typeof value === "string" || Array.isArray(value);
}
