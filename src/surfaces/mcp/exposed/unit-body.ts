import { utf8Text } from "../../../base/body-text.ts";
import { CapabilityError } from "../../../base/capability-error.ts";
import { isJsonType } from "../../../base/media-types.ts";
import { parseExact } from "../../../base/numbers/exact-json.ts";
import type { UnitBytes } from "../../../engine/orchestration/unit-answer.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";

/**
 * Reads the whole body of an answer. What is passed on as it arrives has no bound of its own: it is that of calls here.
 *
 * @throws CapabilityError `RESPONSE_TOO_LARGE`
 */
export async function wholeBody(
  { body, pieces }: UnitBytes,
  { settings: { maxResponseBytes } }: Runtime["opening"],
): Promise<Uint8Array> {
  if (body !== undefined) return body;
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maxResponseBytes)
      throw new CapabilityError("RESPONSE_TOO_LARGE", {
        message: `The answer of the API is larger than ${maxResponseBytes} bytes`,
        details: { maxBytes: maxResponseBytes },
      });
    all.push(piece);
  }
  return Buffer.concat(all, length);
}

/** Reads a body as JSON, if it is. One that no type is said of may be JSON. */
export function jsonBody(bytes: Uint8Array, contentType: string | undefined): { readonly value: unknown } | undefined {
  if (contentType !== undefined && !isJsonType(contentType)) return undefined;
  try {
    return { value: parseExact(utf8Text(bytes, false), "written") };
  } catch {
    return undefined;
  }
}

/** Returns the media type that the file says of the answer to the last step. */
export function lastType(unit: Unit): string | undefined {
  const work = resolvedWork(unit);
  const last = work.kind === "steps" ? work.steps.at(-1) : undefined;
  return last?.type === "call" ? last.operation.mediaType : undefined;
}
