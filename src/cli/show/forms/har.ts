import { version } from "../../../version.ts";
import type { ShownRequest } from "../pieces.ts";
import { withPlaceholders } from "../placeholder.ts";
import type { ShowForm } from "../show-form.ts";

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** An HTTP Archive 1.2 with the request alone; the answer that the format asks for is an empty one. */
export const har: ShowForm = (request, now) => {
  const entry = {
    startedDateTime: now.toISOString(),
    time: 0,
    request: harRequest(request),
    response: {
      status: 0,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [],
      content: { size: 0, mimeType: "x-unknown" },
      redirectURL: "",
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
  };
  return JSON.stringify(
    { log: { version: "1.2", creator: { name: "naftiko", version }, entries: [entry] } },
    undefined,
    2,
  );
};

function harRequest({ method, url, headers, body }: ShownRequest): object {
  const address = withPlaceholders(url);
  const fields = headers.map(([name, value]) => ({ name, value: withPlaceholders(value) }));
  return {
    method,
    url: address,
    httpVersion: "HTTP/1.1",
    cookies: fields.filter(({ name }) => name === "cookie").flatMap(({ value }) => pairs(value, /; */)),
    headers: fields,
    queryString: pairs(address.split("?").slice(1).join("?"), /&/).map(({ name, value }) => ({
      name: decode(name),
      value: decode(value),
    })),
    headersSize: -1,
    bodySize: sizeOf(body),
    ...(body === undefined ? {} : { postData: postData(body, fields) }),
  };
}

function postData(body: NonNullable<ShownRequest["body"]>, fields: readonly Pair[]): object {
  const mimeType = fields.find(({ name }) => name === "content-type")?.value ?? "application/octet-stream";
  // HAR has an encoding for answers only; names with an underscore are free (HAR 1.2, "Custom Fields").
  return body instanceof Uint8Array
    ? { mimeType, text: Buffer.from(body).toString("base64"), _encoding: "base64" }
    : { mimeType, text: withPlaceholders(body) };
}

/** -1 where it depends on the values of variables. */
function sizeOf(body: ShownRequest["body"]): number {
  if (body === undefined) return 0;
  if (body instanceof Uint8Array) return body.length;
  return body.every(piece => typeof piece === "string") ? Buffer.byteLength(body.join("")) : -1;
}

function pairs(text: string, separator: RegExp): Pair[] {
  if (text === "") return [];
  return text.split(separator).map(pair => {
    const equals = pair.indexOf("=");
    return equals < 0
      ? { name: pair, value: "" }
      : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
