import { STATUS_CODES } from "node:http";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import { maskHeader } from "../../base/mask-header.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import type { CommandContext } from "./command-context.ts";
import { type Line, printLines, styled } from "./printed-text.ts";
import { paintFor } from "./style.ts";

interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
}

/** The call that was answered. */
interface AnsweredCall {
  readonly parsed: { readonly noColor: boolean };
  readonly context: CommandContext;
  readonly capability: { readonly secrets: SecretMask };
}

/** Writes the status and the headers of an answer to standard output, as `--include` asks, and an empty line. */
export function writeHead({ status, headers }: ResponseHead, { parsed, context, capability }: AnsweredCall): void {
  const { stdout, env } = context;
  // The command speaks no other version.
  const line: Line = [styled("bold", `HTTP/1.1 ${`${status} ${STATUS_CODES[status] ?? ""}`.trim()}`)];
  const lines = [line, ...headerLines(headers, capability.secrets), ""];
  stdout.write(printLines(lines, paintFor(stdout, env, parsed.noColor)));
}

/** Returns headers as lines, with secrets masked. */
export function headerLines(headers: ResponseHeaders, secrets: SecretMask): Line[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value): Line => [styled("cyan", name), `: ${maskHeader(name, value, secrets)}`]),
  );
}
