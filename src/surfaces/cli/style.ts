import { styleText } from "node:util";
import type { Environment } from "../../base/environment.ts";
import type { OutputStream } from "./command-context.ts";
import { isColourOff } from "./has-colour.ts";
import type { Paint } from "./printed-text.ts";

/** Colours on a terminal, unless `--no-color` or the variables NO_COLOR or TERM say otherwise; FORCE_COLOR forces them. */
export function paintFor(stream: OutputStream, env: Environment, noColor: boolean): Paint {
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  if (isColourOff(env, noColor) || !(stream.isTTY || forced)) return (_, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false } as never);
}
