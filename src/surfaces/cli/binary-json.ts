import type { RunResult } from "../../engine/call-options.ts";
import { mediaTypeOf } from "./write-received.ts";

/** Returns the outputs of a binary answer as JSON: the media type and base64 of the bytes. */
export function binaryJson({ outputs, headers }: RunResult): unknown {
  const mediaType = mediaTypeOf({ headers });
  const convert = (value: unknown) =>
    value instanceof Uint8Array ? { mediaType, base64: Buffer.from(value).toString("base64") } : value;
  if (outputs instanceof Uint8Array || typeof outputs !== "object" || outputs === null)
    return convert(outputs);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, convert(value)]));
}
