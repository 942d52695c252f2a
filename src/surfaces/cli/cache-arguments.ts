import type { CassetteArguments } from "./cassette-arguments.ts";
import { usageError } from "./usage-error.ts";

/** Arguments about keeping answers. */
export type CacheArguments = "user" | "none" | { readonly file: string };

/**
 * @param text behind the last `--cache`
 * @throws CapabilityError `USAGE` for what it does not go with
 */
export function cacheArguments(
  text: string | undefined,
  { mock, cassette }: { readonly mock: boolean; readonly cassette: CassetteArguments | undefined },
): CacheArguments | undefined {
  if (text === undefined) return undefined;
  if (text === "false") return "none";
  if (text === "") throw usageError("No file given for --cache=");
  if (mock)
    throw usageError("Options --cache and --mock exclude each other: the sandbox is gone after the call");
  if (cassette !== undefined) {
    const option = cassette.mode === "append" ? "--record-append" : `--${cassette.mode}`;
    throw usageError(
      `Options --cache and ${option} exclude each other: a recording is of what the API answers`,
    );
  }
  return text === "true" ? "user" : { file: text };
}
