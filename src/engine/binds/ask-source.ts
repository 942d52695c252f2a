import { rememberForeign } from "../../base/foreign-error.ts";
import { thrownText } from "../../base/thrown-text.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { BindSource, BindValue } from "./bind-source.ts";

/** The answer of a source. */
export type BindAnswer =
  /** Never empty: most uses take an empty value for none (language chapter 3, rule 2). */
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "empty" | "none" }
  /** The source cannot answer: it is down, locked or slow. */
  | { readonly kind: "failed"; readonly reason: string; readonly error: unknown };

/**
 * Asks one source, for a limited time.
 *
 * @param timeoutMs `0` means no limit
 * @throws TypeError for a value that is not a string, a mistake of the program that brings the source or the environment
 */
export async function askSource(source: BindSource, variable: BindVariable, timeoutMs: number): Promise<BindAnswer> {
  let value: unknown;
  try {
    value = await withinTime(signal => source.lookup(variable, { signal }), timeoutMs);
  } catch (error) {
    rememberForeign(error);
    return { kind: "failed", reason: thrownText(error), error };
  }
  if (value === undefined) return { kind: "none" };
  if (value === "") return { kind: "empty" };
  if (typeof value === "string") return { kind: "value", value };
  throw new TypeError(
    `A value of ${variable.name} must be a string, found ${typeof value} (${describeSource(source, variable)})`,
  );
}

async function withinTime(start: (signal: AbortSignal) => BindValue, timeoutMs: number): Promise<unknown> {
  const controller = new AbortController();
  const work = start(controller.signal);
  // The environment answers at once.
  if ((typeof work !== "object" && typeof work !== "function") || timeoutMs === 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns whether a source answers for a variable. If `serves` throws, the source is asked and tells its reason then. */
export function servesVariable(source: BindSource, variable: BindVariable): boolean {
  try {
    return source.serves(variable);
  } catch {
    return true;
  }
}

/** Returns the place where a source looks, for people. */
export function describeSource(source: BindSource, variable: BindVariable): string {
  try {
    const text: unknown = source.describe(variable);
    if (typeof text === "string") return text;
  } catch {
    // The general description below will do.
  }
  return "a source of the program";
}
