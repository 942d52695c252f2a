import { getOrSet } from "../../base/get-or-set.ts";
import { isFormType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import { splitUrl } from "../split-url.ts";
import type { WholeRequest } from "../whole-request.ts";
import type { RecordedRequest } from "./cassette.ts";
import { bodyBytes, textOfBody } from "./recorded-body.ts";

/** The parts of a request by which it is compared with recorded ones: no credentials, no order of the query. */
export interface ComparableRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** Values by name, sorted. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** Media type without parameters, in lower case. May be empty. */
  readonly contentType: string;
  readonly body: ComparableBody;
}

export type ComparableBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown; readonly text: string }
  | { readonly kind: "form"; readonly values: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: "text"; readonly text: string };

/** Makes a request comparable. */
export function comparableRequest({ method, url, headers, body }: WholeRequest): ComparableRequest {
  return compose(method, url, headers["content-type"], Buffer.from(body ?? ""));
}

/** Makes a recorded request comparable. */
export function comparableRecording({ method, url, headers, body }: RecordedRequest): ComparableRequest {
  return compose(method, url, headers?.["content-type"], bodyBytes(body));
}

function compose(
  method: string,
  url: string,
  contentTypeField: string | undefined,
  bytes: Uint8Array,
): ComparableRequest {
  const { origin, path: target } = splitUrl(url);
  const mark = target.indexOf("?");
  const [mediaType = ""] = (contentTypeField ?? "").split(";", 1);
  const body = textOfBody(bytes, contentTypeField ?? "");
  const contentType = mediaType.trim().toLowerCase();
  return {
    method,
    origin,
    path: mark < 0 ? target : target.slice(0, mark),
    query: valuesByName(mark < 0 ? "" : target.slice(mark + 1)),
    contentType,
    body: comparableBody(withoutBoundary(body, contentTypeField), contentType),
  };
}

/** Replaces the boundary of a form in parts, which differs in each request (RFC 7578, 4.1). */
function withoutBoundary(text: string, contentType: string | undefined): string {
  const [, boundary] = /^multipart\/.*;\s*boundary="?([^";\s]+)/i.exec(contentType ?? "") ?? [];
  return boundary === undefined ? text : text.replaceAll(boundary, "boundary");
}

function comparableBody(text: string, contentType: string): ComparableBody {
  if (text === "") return { kind: "none" };
  if (isFormType(contentType)) return { kind: "form", values: valuesByName(text) };
  const parsed = parseJson(text, "exact");
  return parsed.ok ? { kind: "json", value: parsed.value, text } : { kind: "text", text };
}

function valuesByName(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    getOrSet(values, name, () => []).push(value);
  }
  for (const list of values.values()) list.sort();
  return values;
}
