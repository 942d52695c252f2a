import { utf8Text } from "../../../base/body-text.ts";
import { isJsonType } from "../../../base/media-types.ts";
import { parseExact } from "../../../base/numbers/exact-json.ts";
import type { UnitBytes } from "../../../engine/orchestration/unit-answer.ts";

/** Reads the whole body of an answer. The engine bounds it. */
export async function wholeBody({ body, pieces }: UnitBytes): Promise<Uint8Array> {
  if (body !== undefined) return body;
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
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
