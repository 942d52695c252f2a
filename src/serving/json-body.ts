import { isObject } from "../base/json-object.ts";
import { isJsonType } from "../base/media-types.ts";
import { parseGiven } from "../engine/request/given-json.ts";
import { Refusal } from "./refusal.ts";

/**
 * Parses the body of a request as JSON. Numbers keep their digits, and the value can be sent on as it was written. A body
 * without a content type is read as JSON too.
 *
 * @throws Refusal 415 for another content type or charset, 400 for JSON that is malformed, too deep, or has a member twice
 */
export function parseJsonBody(body: Buffer, contentType: string | undefined): unknown {
  if (contentType !== undefined && contentType !== "application/json") requireJson(contentType);
  const text = decodeUtf8(body);
  const parsed = parseGiven(text);
  if (!parsed.ok) throw new Refusal(400, `The body is not JSON: ${parsed.reason}`);
  if (countNames(text) !== countMembers(parsed.value))
    throw new Refusal(400, "The body has an object with two members of the same name");
  return parsed.value;
}

/** @throws Refusal 415 */
function requireJson(contentType: string): void {
  if (!isJsonType(contentType)) {
    const detail = `The body has the content type ${JSON.stringify(contentType)}: application/json is understood`;
    throw new Refusal(415, detail, { accept: "application/json" });
  }
  requireUtf8(contentType);
}

/** @throws Refusal 415 for another charset than UTF-8, of which ASCII is a part */
export function requireUtf8(contentType: string): void {
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType) ?? [];
  if (charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset)) return;
  throw new Refusal(415, `The body has the charset ${JSON.stringify(charset)}: UTF-8 is understood`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws Refusal 400 */
export function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Refusal(400, "The body is not UTF-8");
  }
}

/** Counts the names of members in a JSON text: the strings before a colon. */
function countNames(text: string): number {
  let count = 0;
  for (let open = text.indexOf('"'); open >= 0; ) {
    let close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    let next = close + 1;
    while (isSpace(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) === COLON) count++;
    open = text.indexOf('"', next);
  }
  return count;
}

const COLON = 0x3a;
const BACKSLASH = 0x5c;

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Counts the members of all objects in a value. */
function countMembers(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === "object") open.push(item);
    } else if (isObject(next)) {
      for (const name of Object.keys(next)) {
        count++;
        const member = (next as Record<string, unknown>)[name];
        if (typeof member === "object") open.push(member);
      }
    }
  }
  return count;
}
