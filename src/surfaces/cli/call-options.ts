import type { CallOptions } from "../../engine/call-options.ts";
import type { Call } from "./call.ts";

/** Returns what the command line says of one call; what it says of all is said when the capability is opened. */
export function callOptions({ parsed, context }: Call): CallOptions {
  return { ...parsed.call, signal: context.signal };
}
