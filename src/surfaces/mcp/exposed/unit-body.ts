import { utf8Text } from "../../../base/body-text.ts";
import { CapabilityError } from "../../../base/capability-error.ts";
import { isJsonType } from "../../../base/media-types.ts";
import { parseExact } from "../../../base/numbers/exact-json.ts";
import type { UnitBytes } from "../../../engine/orchestration/unit-answer.ts";

/** Longest body, in bytes: what is passed on as it arrives has no bound of its own. It is that of calls by default. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads the whole body of an answer.
 *
 * @throws CapabilityError `RESPONSE_TOO_LARGE`
 */
export async function wholeBody({ body, pieces }: UnitBytes): Promise<Uint8Array> {
  if (body !== undefined) return body;
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MAX_BYTES)
      throw new CapabilityError("RESPONSE_TOO_LARGE", {
        message: `The answer of the API is larger than ${MAX_BYTES} bytes`,
        details: { maxBytes: MAX_BYTES },
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
