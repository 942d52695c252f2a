import { MASK } from "../../../base/masking/mask.ts";
import { percentDecode } from "../../../base/percent-decoding.ts";
import type { Redaction } from "./redaction.ts";

/** Returns the boundary of a body in parts, from its type or its first line. */
export function boundaryOf(text: string, contentType: string): string | undefined {
  const declared = /^\s*multipart\/.*;\s*boundary=(?:"([^"]+)"|([^";\s]+))/is.exec(contentType);
  if (declared !== null) return declared[1] ?? declared[2];
  return /^--([\w'()+,./:=?-]{1,70})\r?\ncontent-/i.exec(text)?.[1];
}

/**
 * Redacts a body in parts (RFC 2046, 5.1; RFC 7578): a part by its name, else its content by its own type.
 *
 * @param redactBody redacts a text by its content type
 */
export function redactMultipart(
  text: string,
  boundary: string,
  redaction: Redaction,
  redactBody: (text: string, contentType: string) => string,
): string {
  const delimiter = `--${boundary}`;
  return text
    .split(delimiter)
    .map((part, index) => (index === 0 ? redactBody(part, "text/plain") : redactPart(part, redaction, redactBody)))
    .join(delimiter);
}

function redactPart(
  part: string,
  redaction: Redaction,
  redactBody: (text: string, contentType: string) => string,
): string {
  const blank = /\r?\n\r?\n/.exec(part);
  if (blank === null) return part.trim() === "" || part.startsWith("--") ? part : redactBody(part, "text/plain");
  const start = blank.index + blank[0].length;
  const fields = part.slice(0, blank.index);
  const end = part.length - (/\r?\n$/.exec(part.slice(-2))?.[0].length ?? 0);
  const content = part.slice(start, Math.max(start, end));
  const name = /[;\s]name\*?=(?:"((?:[^"\\\r\n]|\\.){0,500})"|([^;\s"]{1,500}))/i.exec(fields);
  const kept = redactContent(
    content,
    (name?.[1] ?? name?.[2] ?? "").replace(/^utf-8''/i, ""),
    fields,
    redaction,
    redactBody,
  );
  return `${redactBody(fields, "message/http")}${blank[0]}${kept}${part.slice(start + content.length)}`;
}

function redactContent(
  content: string,
  name: string,
  fields: string,
  redaction: Redaction,
  redactBody: (text: string, contentType: string) => string,
): string {
  if (content === "") return content;
  if (redaction.meaning(percentDecode(name)) !== undefined) {
    redaction.learn(name, content);
    return MASK;
  }
  const type = /^content-type:\s*(.*)$/im.exec(fields)?.[1] ?? "text/plain";
  if (!/^content-transfer-encoding:\s*base64/im.test(fields)) return redactBody(content, type);
  const decoded = Buffer.from(content, "base64").toString("latin1");
  const kept = redactBody(decoded, type);
  return kept === decoded ? content : MASK;
}
