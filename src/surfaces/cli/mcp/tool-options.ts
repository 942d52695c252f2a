import type { Argv, Options } from "yargs";
import { POLICY_OPTIONS, sharedOptions, TEXT } from "../command-module.ts";

/** Most operations that are listed one by one. */
export const USUAL_TOOL_LIMIT = 40;

/** Adds the options of `naftiko mcp` that mean the same wherever it is started: clients' settings may hold them. */
export function toolOptions<Given>(builder: Argv<Given>): Argv<Given & { readonly "tool-limit": string | undefined }> {
  return builder
    .option("tool-limit", {
      ...TEXT,
      value: "N",
      describe: `Most operations that are tools of their own (default ${USUAL_TOOL_LIMIT}); of more, four tools find and call them`,
    })
    .options(OPTIONS) as Argv<Given & { readonly "tool-limit": string | undefined }>;
}

const OPTIONS: Readonly<Record<string, Options>> = sharedOptions(
  ...(["dir", "allow-import", "env-file", "config", "profile", "allow-bind-files", "bind-timeout"] as const),
  ...(["base-uri", "no-implied-auth", "timeout", "connect-timeout", "deadline", "retries"] as const),
  ...(["max-redirects", "max-bytes", "max-values", "max-decode-time"] as const),
  ...(["allow-host", "egress", "ca-cert", "allow-insecure-auth"] as const),
  ...POLICY_OPTIONS,
);
