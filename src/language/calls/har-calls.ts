import { type JsonObject, objectOf } from "../../base/json-object.ts";
import { isFormType, isJsonType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import { methodProblem } from "./capability-of-calls.ts";
import type { SeenCall } from "./curl-call.ts";

/** Most calls that are read. */
const MOST_CALLS = 20_000;

/** Types of content that pages are made of. */
const ASSET =
  /^\s*(?:image|font|audio|video)\/|^\s*(?:text\/(?:html|css|javascript)|application\/(?:x-)?javascript|application\/wasm)/i;

interface HarCalls {
  readonly calls: readonly SeenCall[];
  /** Number of entries that are no calls of an API: parts of pages, failed calls, preflights. */
  readonly skipped: number;
}

/**
 * Reads the calls of an HTTP Archive 1.2 that succeeded.
 *
 * @throws Error with the reason if the text is none
 */
export function readHar(text: string): HarCalls {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`it is not JSON: ${parsed.reason}`);
  const { value } = parsed;
  const { entries } = objectOf(objectOf(value)["log"]);
  if (!Array.isArray(entries)) throw new Error("it is no HTTP Archive: it has no log with entries");
  if (entries.length > MOST_CALLS) throw new Error(`it has more than ${MOST_CALLS} entries`);
  const calls = entries.flatMap((entry: unknown) => callOf(entry) ?? []);
  return { calls, skipped: entries.length - calls.length };
}

function callOf(entry: unknown): SeenCall | undefined {
  const { request, response } = objectOf(entry);
  const { method, url, postData } = objectOf(request);
  const { status, content } = objectOf(response);
  if (typeof method !== "string" || typeof url !== "string" || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    return undefined;
  const { mimeType, text, encoding } = objectOf(content);
  const type = typeof mimeType === "string" ? mimeType : "";
  const isCall = typeof status === "number" && status >= 200 && status < 300 && !ASSET.test(type);
  if (!isCall || method === "OPTIONS" || methodProblem(method) !== undefined) return undefined;
  const answer = isJsonType(type) && typeof text === "string" ? parseJson(decoded(text, encoding)) : undefined;
  const headers = pairsOf(objectOf(request)["headers"]);
  const body = bodyOf(objectOf(postData));
  const known = headers.some(([name]) => name.toLowerCase() === "content-type");
  const bodyType = objectOf(postData)["mimeType"];
  return {
    method,
    url: url.replace(/#.*$/s, ""),
    headers:
      !known && body !== undefined && typeof bodyType === "string" ? [...headers, ["content-type", bodyType]] : headers,
    credentials: undefined,
    body,
    ...(answer?.ok === true ? { answer: answer.value } : {}),
  };
}

function decoded(text: string, encoding: unknown): string {
  return encoding === "base64" ? Buffer.from(text, "base64").toString("utf8") : text;
}

function bodyOf({ text, params, mimeType }: JsonObject): SeenCall["body"] {
  const type = typeof mimeType === "string" ? mimeType : "";
  const isForm = isFormType(type);
  const fields = Array.isArray(params) ? params.map(objectOf) : [];
  if (fields.length > 0 && (/^\s*multipart\//i.test(type) || typeof text !== "string")) {
    const parts = fields.map(({ name, value, fileName }) => ({
      name: String(name),
      value: String(fileName ?? value ?? ""),
      isFile: fileName !== undefined,
    }));
    if (!isForm) return { kind: "parts", parts };
    const pairs = parts.map(({ name, value }): [string, string] => [name, value]);
    return { kind: "text", text: new URLSearchParams(pairs).toString() };
  }
  return typeof text === "string" && text !== "" ? { kind: "text", text } : undefined;
}

function pairsOf(value: unknown): [name: string, value: string][] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap(item => {
    const { name, value: text } = objectOf(item);
    return typeof name === "string" && typeof text === "string" ? [[name, text] as [string, string]] : [];
  });
}
