import type { Argv, Options } from "yargs";
import { type AnswerFormatName, DEFAULT_MAX_TOKENS, LEAST_MAX_TOKENS } from "../../../tools/answer/answer-settings.ts";
import { POLICY_OPTIONS, sharedOptions, TEXT } from "../command-module.ts";
import { usageError } from "../usage-error.ts";

/** Most operations that are listed one by one. */
export const USUAL_TOOL_LIMIT = 40;

/** Options as they are written. */
export interface ToolOptions {
  readonly "tool-limit": string | undefined;
  readonly "max-tokens": string | undefined;
  readonly format: AnswerFormatName | undefined;
}

/** Option of the commands that serve agents. */
export const MAX_TOKENS: typeof TEXT & { readonly value: string; readonly describe: string } = {
  ...TEXT,
  value: "N",
  describe: `Most tokens of an answer to an agent (default ${DEFAULT_MAX_TOKENS.toLocaleString("en")}); a larger one is cut, and continued by a cursor`,
};

/**
 * Reads the value of {@link MAX_TOKENS}.
 *
 * @throws CapabilityError `USAGE`
 */
export function maxTokensOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_TOKENS;
  if (/^\d{1,9}$/.test(text) && Number(text) >= LEAST_MAX_TOKENS) return Number(text);
  throw usageError(`Option --max-tokens is a number from ${LEAST_MAX_TOKENS}, found ${JSON.stringify(text)}`);
}

/** Adds the options of `naftiko mcp` that mean the same wherever it is started: clients' settings may hold them. */
export function toolOptions<Given>(builder: Argv<Given>): Argv<Given & ToolOptions> {
  return builder
    .option("tool-limit", {
      ...TEXT,
      value: "N",
      describe: `Most operations that are tools of their own (default ${USUAL_TOOL_LIMIT}); of more, four tools find and call them`,
    })
    .option("max-tokens", MAX_TOKENS)
    .option("format", {
      choices: ["json", "toon", "csv"] as const,
      describe: "How answers are written (default json); toon and csv write the names of a list's members once",
    })
    .options(OPTIONS) as Argv<Given & ToolOptions>;
}

const OPTIONS: Readonly<Record<string, Options>> = sharedOptions(
  ...(["dir", "allow-import", "env-file", "config", "profile", "allow-bind-files", "bind-timeout"] as const),
  ...(["base-uri", "no-implied-auth", "timeout", "connect-timeout", "deadline", "retries"] as const),
  ...(["max-redirects", "max-bytes", "max-values", "max-decode-time"] as const),
  ...(["allow-host", "egress", "ca-cert", "allow-insecure-auth"] as const),
  ...POLICY_OPTIONS,
);
