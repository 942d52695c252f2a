import type { ResponseHeaders } from "../../../base/capability-error.ts";
import { queryDecode } from "../../../base/percent-decoding.ts";
import { version } from "../../../base/version.ts";
import type { ExchangeTimings } from "../../../net/layers/exchange-event.ts";

/** A name and a value in an HTTP Archive. */
interface HarPair {
  readonly name: string;
  readonly value: string;
}

/** The request of an entry. */
interface HarRequestParts {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HarPair[];
  /** Bytes of the body, or -1 if unknown. */
  readonly bodySize: number;
  readonly body?: string | Uint8Array | undefined;
}

/** The answer of an entry. */
interface HarResponseParts {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  readonly bodyBytes: number;
  readonly body?: string | Uint8Array | undefined;
}

/** An exchange of an archive: HAR 1.2, chapter "entries". */
export interface HarEntry {
  readonly startedAt: Date;
  readonly request: HarRequestParts;
  /** Absent if there was none. The format wants an empty one then. */
  readonly response?: HarResponseParts | undefined;
  readonly timings?: ExchangeTimings | undefined;
  /** The reason why there is no answer, or only a part of it. */
  readonly error?: string | undefined;
}

/** Writes an HTTP Archive 1.2. */
export function writeHar(entries: readonly HarEntry[]): string {
  const log = { version: "1.2", creator: { name: "naftiko", version }, entries: entries.map(harEntry) };
  return JSON.stringify({ log }, undefined, 2);
}

function harEntry({ startedAt, request, response, timings, error }: HarEntry): object {
  return {
    startedDateTime: startedAt.toISOString(),
    ...harTimes(timings),
    request: harRequest(request),
    response: harResponse(response),
    cache: {},
    // Names with an underscore are free to use (HAR 1.2, "Custom Fields"). Chromium's tools show this one.
    comment: error,
    _error: error,
  };
}

/** Returns the times of an entry. `connect` includes TLS, so that `time` is the sum of all parts but `ssl`. */
function harTimes(timings: ExchangeTimings | undefined): object {
  if (timings === undefined) return { time: 0, timings: { send: 0, wait: 0, receive: 0 } };
  const { dnsMs, connectMs, tlsMs, totalMs, firstByteMs = totalMs } = timings;
  const connect = connectMs === undefined ? undefined : connectMs + (tlsMs ?? 0);
  return {
    time: totalMs,
    timings: {
      blocked: -1,
      dns: dnsMs ?? -1,
      connect: connect ?? -1,
      ssl: tlsMs ?? -1,
      send: 0,
      wait: Math.max(0, firstByteMs - (dnsMs ?? 0) - (connect ?? 0)),
      receive: Math.max(0, totalMs - firstByteMs),
    },
  };
}

function harRequest({ method, url, headers, bodySize, body }: HarRequestParts): object {
  return {
    method,
    url,
    httpVersion: "HTTP/1.1",
    cookies: headers.filter(({ name }) => name === "cookie").flatMap(({ value }) => pairs(value, /; */)),
    headers,
    queryString: pairs(url.split("?").slice(1).join("?"), /&/).map(({ name, value }) => ({
      name: queryDecode(name),
      value: queryDecode(value),
    })),
    headersSize: -1,
    bodySize,
    postData: body === undefined ? undefined : postData(body, headers),
  };
}

function postData(body: string | Uint8Array, headers: readonly HarPair[]): object {
  const mimeType = headers.find(({ name }) => name === "content-type")?.value ?? "application/octet-stream";
  // HAR has an encoding only for answers.
  return typeof body === "string"
    ? { mimeType, text: body }
    : { mimeType, text: Buffer.from(body).toString("base64"), _encoding: "base64" };
}

function harResponse(response: HarResponseParts | undefined): object {
  const { status = 0, statusText = "", headers = {}, bodyBytes = -1, body } = response ?? {};
  return {
    status,
    statusText,
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: Object.entries(headers).flatMap(([name, value]) => [value].flat().map(field => ({ name, value: field }))),
    content: {
      size: Math.max(0, bodyBytes),
      mimeType: String(headers["content-type"] ?? "x-unknown"),
      ...content(body),
    },
    redirectURL: String(headers["location"] ?? ""),
    headersSize: -1,
    bodySize: bodyBytes,
  };
}

function content(body: string | Uint8Array | undefined): object {
  if (body === undefined || body.length === 0) return {};
  return typeof body === "string" ? { text: body } : { text: Buffer.from(body).toString("base64"), encoding: "base64" };
}

function pairs(text: string, separator: RegExp): HarPair[] {
  if (text === "") return [];
  return text.split(separator).map(pair => {
    const equals = pair.indexOf("=");
    return equals < 0 ? { name: pair, value: "" } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}
