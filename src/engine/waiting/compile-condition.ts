import { parseJsonPathFilter, parseWrittenPath } from "../../language/expression/json-path.ts";
import type { JsonPathFilter } from "../../language/expression/json-path-steps.ts";
import { compileFilter } from "../outputs/compile-filter.ts";
import { compileReader } from "../outputs/compile-json-path.ts";
import { StepMeter } from "../outputs/step-meter.ts";

/** A function that returns whether outputs fulfil the condition. */
type Condition = (outputs: unknown) => boolean;

type ConditionResult =
  | { readonly ok: true; readonly filters: readonly JsonPathFilter[] }
  | { readonly ok: false; readonly reason: string };

const LONGEST_CONDITION = 10_000;

/**
 * Parses a condition, which is the expression of a JSONPath filter (language chapter 6.4). Both `$` and `@` are the
 * outputs. The filter in `$[?…]` may be about the outputs themselves or about one of their members: people mean either.
 */
export function parseCondition(text: string): ConditionResult {
  if (text.length > LONGEST_CONDITION) return { ok: false, reason: "it is too long" };
  const whole = parseJsonPathFilter(text);
  if (!whole.ok) return whole;
  const inner = innerFilter(text);
  return { ok: true, filters: inner === undefined ? [whole.filter] : [whole.filter, inner] };
}

/** Compiles the filters of {@link parseCondition}. */
export function compileCondition(filters: readonly JsonPathFilter[]): Condition {
  const tests = filters.map(filter => compileFilter(filter, compileReader));
  return outputs => tests.some(test => test(outputs, outputs, new StepMeter("the condition")));
}

/** Returns the filter if the whole text is `$[?…]` or `@[?…]`. */
function innerFilter(text: string): JsonPathFilter | undefined {
  if (!/^\s*[$@]/.test(text)) return undefined;
  const parsed = parseWrittenPath(text);
  const [step, ...more] = parsed.ok ? parsed.path.steps : [];
  return step?.kind === "filter" && more.length === 0 ? step.filter : undefined;
}
