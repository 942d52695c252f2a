import type { Environment } from "../../base/environment.ts";
import type { OutputStream } from "./command-context.ts";

/** Tells whether a stream is a terminal with colours, which `--no-color` and the variables NO_COLOR and TERM turn off. */
export function hasColour(stream: OutputStream, env: Environment, noColor: boolean): boolean {
  return stream.isTTY === true && !isColourOff(env, noColor);
}

/** Tells whether the user wants no colours. */
export function isColourOff(env: Environment, noColor: boolean): boolean {
  return noColor || Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
}
