import { bodyText } from "../base/body-text.ts";
import { countOf } from "../base/count-of.ts";
import { isJsonType, isXmlType } from "../base/media-types.ts";
import type { WholeAnswer } from "./answer/whole-answer.ts";
import type { ToolAnswer } from "./tool.ts";

/** Largest image or sound that is given to an agent, in bytes. Clients refuse larger ones. */
export const LARGEST_MEDIA: number = 3 * 1024 * 1024;

/** Makes the answer for bytes: an image, a sound or a text as such; anything else is told of. */
export function binaryAnswer(bytes: Uint8Array, contentType: string | undefined): WholeAnswer | ToolAnswer {
  const mediaType = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() || "application/octet-stream";
  const kind = /^(image|audio)\/[\w.+-]+$/.exec(mediaType)?.[1];
  const isMedia = (kind === "image" || kind === "audio") && mediaType !== "image/svg+xml";
  if (isMedia && bytes.length <= LARGEST_MEDIA) {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
    return { content: [{ type: kind, data, mimeType: mediaType }], structured: undefined, isError: false };
  }
  const plain = { form: "text", isStructured: false, isError: false, lead: undefined, notes: [] } as const;
  if (isTextual(mediaType)) {
    try {
      return { ...plain, value: bodyText({ bytes, contentType }) };
    } catch {
      // It is told of as a file.
    }
  }
  const size = countOf(bytes.length, "byte", "bytes");
  const reason = isMedia ? ", which is too large to be given" : ", which is not given: it is no text";
  return { ...plain, value: `The API answered with a file of type ${mediaType} and ${size}${reason}` };
}

/** Tells whether files of a media type are texts. */
export function isTextual(mediaType: string): boolean {
  return mediaType.startsWith("text/") || isJsonType(mediaType) || isXmlType(mediaType) || TEXTS.has(mediaType);
}

const TEXTS: ReadonlySet<string> = new Set([
  "application/javascript",
  "application/yaml",
  "application/x-yaml",
  "application/toml",
  "application/sql",
  "application/graphql",
  "application/x-www-form-urlencoded",
  "application/x-ndjson",
]);
