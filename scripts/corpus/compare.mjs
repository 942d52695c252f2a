import { isDeepStrictEqual } from "node:util";
import { percentDecode } from "./template.mjs";

/** Headers a request may have without the file or the caller saying so. */
const OWN_HEADERS = new Set(["accept", "user-agent", "content-type"]);

/**
 * Lists where a prepared request departs from the expected one.
 *
 * @param {object} expected of `expectRequest`
 * @param {{ method: string, url: string, headers: Record<string, string>, body?: string | Uint8Array }} found
 * @returns {{ part: string, expected: unknown, found: unknown }[]}
 */
export function compareRequest(expected, found) {
  const url = new URL(found.url);
  const headers = new Map(Object.entries(found.headers));
  const differences = [];
  const compare = (part, wanted, actual) => {
    if (!isDeepStrictEqual(wanted, actual)) differences.push({ part, expected: wanted, found: actual });
  };

  compare("method", expected.method, found.method);
  compare("origin", expected.origin, url.origin);
  compare("path segments", expected.segments, url.pathname.split("/").map(percentDecode));
  compare("query", sorted(expected.query), sorted(readPairs(url.search.slice(1))));
  compare("fragment", "", url.hash);
  compare("user in the URL", "", `${url.username}${url.password}`);
  compare("cookie pairs", cookiesOf(expected), readCookies(headers.get("cookie")));
  compareHeaders(expected, headers, compare);
  compareBody(expected, found.body, headers.get("content-type"), compare);
  return differences;
}

function sorted(pairs) {
  return pairs.map(([name, value]) => `${name}=${value}`).sort();
}

/** Reads a query without taking `+` for a space: only percent-encoding is allowed. */
function readPairs(query) {
  const pairs = query.split("&").filter(pair => pair !== "" && pair !== "=");
  return pairs.map(pair => {
    const index = pair.indexOf("=");
    return index < 0
      ? [percentDecode(pair), ""]
      : [percentDecode(pair.slice(0, index)), percentDecode(pair.slice(index + 1))];
  });
}

/** Returns the pairs of cookie parameters, and those that a header parameter gives as a whole. */
function cookiesOf({ cookies, headers }) {
  const whole = headers.get("cookie");
  return [...(whole === undefined ? [] : whole.split("; ")), ...cookies].map(percentDecode).sort();
}

function readCookies(header) {
  if (header === undefined) return [];
  // Characters that a cookie cannot hold are percent-encoded in it.
  return String(header).split("; ").map(percentDecode).sort();
}

function compareHeaders(expected, headers, compare) {
  for (const [name, value] of expected.headers) {
    // The boundary of a form in parts is made for each request.
    const isMade = name === "content-type" && expected.body.kind === "multipart";
    if (name !== "cookie" && !isMade) compare(`header ${name}`, value, headers.get(name));
  }
  for (const [name, value] of headers) {
    const isExpected =
      expected.headers.has(name) || OWN_HEADERS.has(name) || (name === "cookie" && expected.cookies.length > 0);
    if (!isExpected) compare(`header ${name}`, undefined, value);
    if (name !== name.toLowerCase()) compare("case of a header name", name.toLowerCase(), name);
  }
  if (!expected.headers.has("user-agent")) {
    compare("user-agent is naftiko's", true, /^naftiko\/\S+$/.test(headers.get("user-agent") ?? ""));
  }
  if (!expected.headers.has("accept") && expected.rawFormat === "json") {
    compare("accept asks for JSON", true, /application\/json/.test(headers.get("accept") ?? ""));
  }
}

function compareBody({ body, headers }, found, contentType, compare) {
  if (body.kind === "none") {
    compare("body", undefined, found);
    if (!headers.has("content-type")) compare("header content-type", undefined, contentType);
    return;
  }
  const text = readText(found);
  if (text === undefined) return compare("body", body.value, undefined);
  if (!headers.has("content-type") || body.kind === "multipart")
    compareContentType(body.contentType, contentType, compare);
  if (body.kind === "json") compare("body", body.value, readJson(text));
  if (body.kind === "text") compare("body", body.value, text);
  if (body.kind === "form") compare("body", sorted(body.value), sorted([...new URLSearchParams(text)]));
  if (body.kind === "xml") compare("body", true, text.startsWith("<?xml "));
  if (body.kind === "multipart") compare("body", body.value, readParts(text, contentType));
}

/** Reads the parts of a multipart form, in the form that files write them (RFC 7578). */
function readParts(text, contentType) {
  const [, quoted, token] = /\bboundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType) ?? [];
  const pieces = `\r\n${text}`.split(`\r\n--${quoted ?? token}`);
  if (pieces.length < 2 || pieces.at(-1).trim() !== "--") return text;
  return pieces.slice(1, -1).map(piece => {
    const end = piece.indexOf("\r\n\r\n");
    const head = piece.slice(0, end);
    const parameter = name => new RegExp(`[; ]${name}="([^"]*)"`, "i").exec(head)?.[1];
    const type = /^content-type: *(.*)$/im.exec(head)?.[1].trim();
    return {
      name: parameter("name"),
      value: piece.slice(end + 4),
      ...(parameter("filename") === undefined ? {} : { filename: parameter("filename") }),
      ...(type === undefined ? {} : { contentType: type }),
    };
  });
}

function compareContentType(wanted, actual, compare) {
  const isRight =
    actual === wanted || actual?.startsWith(`${wanted};`) || (wanted.endsWith("=") && actual?.startsWith(wanted));
  if (!isRight) compare("header content-type", wanted, actual);
}

function readText(body) {
  if (body === undefined || body === null) return undefined;
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
