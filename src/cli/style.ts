import { styleText } from "node:util";
import type { OutputStream } from "./command-context.ts";

type Format = Parameters<typeof styleText>[0];

/** Colours text for one stream. */
export type Style = (format: Format, text: string) => string;

/** Colours on a terminal, unless `--no-color` or the variables NO_COLOR or TERM say otherwise; FORCE_COLOR forces them. */
export function styleFor(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): Style {
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const off = noColor || Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
  if (off || !(stream.isTTY || forced)) return (_, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false } as never);
}
