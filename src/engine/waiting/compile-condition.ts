import { closingBracket } from "../../language/expression/closing-bracket.ts";
import { parseJsonPath } from "../../language/expression/json-path.ts";
import { parseJsonPathFilter } from "../../language/expression/json-path-filter.ts";
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
 * outputs. The filter in `$[?(…)]` may be about the outputs themselves or about one of their members: people mean either.
 */
export function parseCondition(text: string): ConditionResult {
  const whole = parseFilter(text);
  const inner = innerFilter(text.trim());
  if (typeof whole === "string") return { ok: false, reason: whole };
  if (inner === undefined) return { ok: true, filters: [whole] };
  const filter = parseFilter(inner);
  return typeof filter === "string" ? { ok: false, reason: filter } : { ok: true, filters: [whole, filter] };
}

/** Compiles the filters of {@link parseCondition}. */
export async function compileCondition(filters: readonly JsonPathFilter[]): Promise<Condition> {
  const tests = await Promise.all(filters.map(filter => compileFilter(filter, compileReader)));
  return outputs => tests.some(test => test(outputs, outputs, new StepMeter("the condition")));
}

function parseFilter(text: string): JsonPathFilter | string {
  if (text.length > LONGEST_CONDITION) return "it is too long";
  return parseJsonPathFilter(text, path => {
    const parsed = parseJsonPath(path);
    return parsed.ok ? parsed.path : parsed.reason;
  });
}

/** Returns the text in the parentheses if the whole text is `$[?(…)]` or `@[?(…)]`. */
function innerFilter(text: string): string | undefined {
  if (!/^[$@]\[\?\(/.test(text) || closingBracket(text, 1) !== text.length - 1) return undefined;
  return /^[$@]\[\?\((.*)\)\]$/s.exec(text)?.[1];
}
