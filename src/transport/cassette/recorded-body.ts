import { isUtf8 } from "node:buffer";
import { parseJson } from "../../expression/parse-json.ts";
import type { RecordedBody } from "./cassette.ts";
import type { Redactor } from "./redactor.ts";

/** A body as it is kept, and nothing for an empty one. */
export function recordBody(
  body: string | Uint8Array | undefined,
  contentType: string,
  redactor: Redactor,
): { readonly body?: RecordedBody } {
  if (body === undefined || body.length === 0) return {};
  if (typeof body !== "string" && !isUtf8(body))
    return { body: { base64: Buffer.from(redactor.bytes(body)).toString("base64") } };
  const text = typeof body === "string" ? body.toWellFormed() : Buffer.from(body).toString("utf8");
  if (isFormType(contentType)) return { body: { text: redactor.form(text) } };
  const parsed = parseJson(text);
  if (!parsed.ok) return { body: { text: redactor.text(text) } };
  const value = redactor.json(parsed.value);
  const compact = jsonText(parsed.value);
  // Only what comes back byte for byte is kept as a value: not 1.0, nor a number beyond the precision of a double.
  if (compact === text) return { body: { json: value } };
  if (JSON.stringify(value) === compact) return { body: { text } };
  // In as many lines as it was: a stream has one value a line.
  const indent = text.trim().includes("\n") ? 2 : undefined;
  return { body: { text: JSON.stringify(value, undefined, indent) + text.slice(text.trimEnd().length) } };
}

/** JSON of a value; nothing where it is nested too deep for the stack. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The bytes of a body that was kept. */
export function bodyBytes(body: RecordedBody | undefined): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if ("base64" in body) return Buffer.from(body.base64, "base64");
  return Buffer.from("text" in body ? body.text : (JSON.stringify(body.json) ?? ""));
}

/** Tells whether a body is a form. */
export function isFormType(contentType: string): boolean {
  return /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
}
