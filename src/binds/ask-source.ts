import type { BindVariable } from "../document/declared-binds.ts";
import { visibleText } from "../error/visible-text.ts";
import type { BindSource, BindValue } from "./bind-source.ts";

/** What came of asking a source. */
export type BindAnswer =
  /** An empty value counts as none (language chapter 3, rule 2). */
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "none" }
  /** The source cannot say: it is down, locked, slow. */
  | { readonly kind: "failed"; readonly reason: string; readonly error: unknown };

const LONGEST_REASON = 400;

/**
 * Asks one source, for a limited time.
 *
 * @param timeoutMs `0` means no limit
 * @throws TypeError for a value that is no text: a mistake of the program that brings the source or the environment
 */
export async function askSource(
  source: BindSource,
  variable: BindVariable,
  timeoutMs: number,
): Promise<BindAnswer> {
  let value: unknown;
  try {
    value = await withinTime(signal => source.lookup(variable, { signal }), timeoutMs);
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error), error };
  }
  if (value === undefined || value === "") return { kind: "none" };
  if (typeof value === "string") return { kind: "value", value };
  throw new TypeError(
    `A value of ${variable.name} must be a string, found ${typeof value} (${source.describe(variable)})`,
  );
}

async function withinTime(start: (signal: AbortSignal) => BindValue, timeoutMs: number): Promise<unknown> {
  const controller = new AbortController();
  const work = start(controller.signal);
  // The environment answers at once.
  if (typeof work !== "object" || timeoutMs === 0) return work;
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

/** One line: what a foreign error says may be long. */
function reasonOf(error: unknown): string {
  const [line = ""] = String((error as Error | undefined)?.message ?? error).split("\n", 1);
  return visibleText(line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line);
}
