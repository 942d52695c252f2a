import { usageError } from "./usage-error.ts";

/** Arguments about recorded calls. */
export interface CassetteArguments {
  readonly mode: "record" | "append" | "replay";
  readonly file: string;
  /** Names of fields that are not kept. */
  readonly redact: readonly string[];
}

/** The texts of the options. */
interface CassetteTexts {
  readonly record: string | undefined;
  readonly append: string | undefined;
  readonly replay: string | undefined;
  readonly redact: readonly string[] | undefined;
}

/** @throws CapabilityError `USAGE` for options that exclude each other */
export function cassetteArguments(
  { record, append, replay, redact }: CassetteTexts,
  { mock, dryRun }: { readonly mock: boolean; readonly dryRun: boolean },
): CassetteArguments | undefined {
  if (redact !== undefined && record === undefined && append === undefined)
    throw usageError("Option --redact is about what is recorded: add --record FILE");
  const given = [
    { mode: "record", option: "--record", file: record },
    { mode: "append", option: "--record-append", file: append },
    { mode: "replay", option: "--replay", file: replay },
  ] as const;
  const [first, second] = given.filter(({ file }) => file !== undefined);
  if (first?.file === undefined) return undefined;
  if (second !== undefined)
    throw usageError(`Options ${first.option} and ${second.option} exclude each other`);
  if (dryRun)
    throw usageError(`Option ${first.option} needs a call, and --dry-run makes none: leave one out`);
  if (mock && first.mode === "replay")
    throw usageError("Options --replay and --mock both stand for the API: leave one out");
  return { mode: first.mode, file: first.file, redact: redact ?? [] };
}
