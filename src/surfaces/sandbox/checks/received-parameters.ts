import { percentDecode } from "../../../base/percent-decoding.ts";
import type { Parameter } from "../../../language/model/types.ts";
import { headerText, type RequestHeaders } from "../messages.ts";

/** The parts of a request that can hold parameters, apart from the body. */
export interface ReceivedParameters {
  /** Values of the path's parameters in order. */
  readonly values: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
}

/** Returns every text received for a parameter, or `undefined` if there is none. */
export function receivedTexts(
  { name, in: location, type }: Parameter,
  { query, headers }: ReceivedParameters,
): string[] | undefined {
  if (location === "query") {
    // Objects are sent as `name[member]=…`, and arrays by some callers.
    const nested = type === "object" || type === "array" || type === "any";
    const found = [...query].filter(([key]) => key === name || (nested && key.startsWith(`${name}[`)));
    return found.length === 0 ? undefined : found.map(([, text]) => text);
  }
  if (location === "cookie") return cookieTexts(headers, name);
  const text = headerText(headers, name.toLowerCase());
  return text === undefined ? undefined : [text];
}

/** Returns the texts of a cookie. Special characters arrive percent-encoded, but a percent sign in the value does not. */
function cookieTexts(headers: RequestHeaders, name: string): string[] | undefined {
  for (const pair of (headerText(headers, "cookie") ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0 || percentDecode(pair.slice(0, equals).trim()) !== name) continue;
    const text = pair.slice(equals + 1).trim();
    return [...new Set([text, percentDecode(text)])];
  }
  return undefined;
}
