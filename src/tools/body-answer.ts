import { bodyText } from "../base/body-text.ts";
import { isJsonType } from "../base/media-types.ts";
import { parseExact } from "../base/numbers/exact-json.ts";
import type { WholeAnswer } from "./answer/whole-answer.ts";
import type { ToolAnswer } from "./tool.ts";

/** A body as an API gave it. */
export interface AnsweredBody {
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
}

/** Returns the answer of a tool that gives a body: JSON and text as such, images and sound, else what it is. */
export function bodyAnswer({ contentType, bytes }: AnsweredBody): WholeAnswer | ToolAnswer {
  if (bytes.length === 0) return { content: [], structured: undefined, isError: false };
  const mimeType = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const kind = /^(image|audio)\/(?!svg\+xml$)/.exec(mimeType)?.[1] as "image" | "audio" | undefined;
  if (kind !== undefined) {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
    return { content: [{ type: kind, data, mimeType }], structured: undefined, isError: false };
  }
  const text = textOf(bytes, contentType);
  if (text === undefined) return textAnswer(`${bytes.length} bytes of type ${mimeType || "unknown"}, which is no text`);
  const value = contentType === undefined || isJsonType(contentType) ? jsonOf(text) : undefined;
  return value === undefined ? textAnswer(text) : { ...textAnswer(""), form: "json", value: value.json };
}

/** Returns an answer that is a text. */
export function textAnswer(text: string): WholeAnswer {
  return { value: text, form: "text", isStructured: false, isError: false, lead: undefined, notes: [] };
}

function textOf(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  try {
    const text = bodyText({ bytes, contentType });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function jsonOf(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: parseExact(text, "written") };
  } catch {
    return undefined;
  }
}
