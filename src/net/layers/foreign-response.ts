import { STATUS_CODES } from "node:http";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { HttpResponse } from "../transport.ts";

/** A response of a program's transport, as plain data of its own. */
interface ForeignResponse extends Omit<HttpResponse, "chunks" | "report"> {
  /** Gives the body piece by piece. */
  readonly iterator?: AsyncIterator<unknown>;
}

/**
 * Reads each member of a response once, and checks it.
 *
 * @throws Error with the code `INVALID_RESPONSE`, and what the members throw
 */
export function readForeignResponse(given: unknown): ForeignResponse {
  if (typeof given !== "object" || given === null) throw invalid("it", "an object", given);
  const { url, status, statusText, headers, body, chunks } = given as Record<string, unknown>;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 999)
    throw invalid("its status", "a number from 200 to 999", status);
  if (statusText !== undefined && typeof statusText !== "string")
    throw invalid("its statusText", "a string", statusText);
  if (url !== undefined && !(typeof url === "string" && URL.canParse(url))) throw invalid("its url", "a URL", url);
  if (!(body instanceof Uint8Array) && (body !== undefined || chunks === undefined))
    throw invalid("its body", "a Uint8Array", body);
  const head = {
    ...(url === undefined ? {} : { url }),
    status: status as number,
    statusText: statusText ?? STATUS_CODES[status as number] ?? "",
    headers: readHeaders(headers),
    body: body ?? new Uint8Array(),
  };
  return chunks === undefined ? head : { ...head, iterator: iteratorOf(chunks) };
}

function readHeaders(given: unknown): ResponseHeaders {
  // A `Map` and a `Headers` have no members, so that every field would be lost.
  if (typeof given !== "object" || given === null || Symbol.iterator in given)
    throw invalid("its headers", "an object of strings", given);
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([name, value]) => [name, readField(name, value)]));
}

function readField(name: string, value: unknown): string | readonly string[] {
  if (typeof value === "string") return value;
  const texts: unknown[] = Array.isArray(value) ? [...value] : [value];
  if (texts.every(text => typeof text === "string")) return texts;
  throw invalid(`its header ${JSON.stringify(name)}`, "a string or a list of them", value);
}

function iteratorOf(chunks: unknown): AsyncIterator<unknown> {
  const iterable = chunks as Partial<AsyncIterableIterator<unknown>> | null;
  const iterator =
    typeof iterable?.[Symbol.asyncIterator] === "function" ? iterable[Symbol.asyncIterator]?.() : iterable;
  if (typeof iterator?.next !== "function") throw invalid("its chunks", "an async iterator", chunks);
  return iterator as AsyncIterator<unknown>;
}

function invalid(what: string, wanted: string, found: unknown): Error {
  const kind = found === null ? "null" : Array.isArray(found) ? "a list" : `a value of type ${typeof found}`;
  const shown = typeof found === "number" ? String(found) : found === undefined ? "nothing" : kind;
  return Object.assign(new Error(`the transport gave no response: ${what} must be ${wanted}, found ${shown}`), {
    code: "INVALID_RESPONSE",
  });
}

/** Tells the body of a response that it will not be read. Does not wait for its answer. */
export function tellReturn(given: unknown): void {
  try {
    const { chunks } = given as { chunks?: Partial<AsyncIterator<unknown>> };
    if (chunks !== undefined) returnQuietly(chunks);
  } catch {
    // It has no body to tell.
  }
}

/** Calls `return` of an iterator, and drops the outcome. */
export function returnQuietly(iterator: Partial<AsyncIterator<unknown>>): void {
  new Promise(resolve => resolve(iterator.return?.())).catch(() => {});
}
