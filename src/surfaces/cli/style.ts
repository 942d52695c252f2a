import { styleText } from "node:util";
import type { Environment } from "../../base/environment.ts";
import type { OutputStream } from "./command-context.ts";
import type { Paint } from "./printed-text.ts";

/** Colours on a terminal, unless `--no-color` or the variables NO_COLOR or TERM say otherwise; FORCE_COLOR forces them. */
export function paintFor(stream: OutputStream, env: Environment, noColor: boolean): Paint {
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const off = noColor || Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
  if (off || !(stream.isTTY || forced)) return (_, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false } as never);
}
