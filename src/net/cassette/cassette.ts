import { CapabilityError, type ErrorDetails, type ResponseHeaders } from "../../base/capability-error.ts";

/** The recorded calls of a YAML file. `***` stands for secrets. */
export interface Cassette {
  /** In the order of the calls. */
  readonly interactions: readonly Interaction[];
}

/** One recorded call. */
export interface Interaction {
  /** Date and time of the answer, as ISO 8601. */
  readonly recordedAt?: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/** A recorded request. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RecordedBody;
}

/** A recorded answer. */
export interface RecordedResponse {
  readonly status: number;
  /**
   * @default the standard text for the status
   */
  readonly statusText?: string;
  /** Names in lower case. */
  readonly headers?: ResponseHeaders;
  readonly body?: RecordedBody;
}

/** A recorded body: `json` for compact JSON, which is easy to read that way, `base64` for a body that is not text. */
export type RecordedBody = { readonly json: unknown } | { readonly text: string } | { readonly base64: string };

/** Fields about the connection or the encoded bytes, which are not recorded. */
export const CONNECTION_FIELD: RegExp = /^(?:connection|keep-alive|content-length|transfer-encoding)$/i;

/** Size limit of a file of recorded calls, in bytes. */
export const MAX_CASSETTE_BYTES: number = 16 * 1024 * 1024;

/**
 * Checks that a value is a cassette.
 *
 * @throws TypeError with the reason, as the end of a sentence that begins with the cassette's name
 */
export function checkCassette(value: unknown): Cassette {
  const { interactions } = members(value, "it", ["interactions"]);
  if (!Array.isArray(interactions)) throw new TypeError('has no list "interactions"');
  for (const [index, interaction] of (interactions as unknown[]).entries()) {
    const place = `interactions[${index}]`;
    const { request, response } = members(interaction, place, ["request", "response", "recordedAt"]);
    checkRequest(request, `${place}.request`);
    checkResponse(response, `${place}.response`);
  }
  return value as Cassette;
}

function checkRequest(value: unknown, place: string): void {
  const { method, url, headers, body } = members(value, place, ["method", "url", "headers", "body"]);
  demand(typeof method === "string", `${place}.method`, "a string");
  demand(typeof url === "string" && URL.canParse(url), `${place}.url`, "a URL");
  checkHeaders(headers, `${place}.headers`);
  checkBody(body, `${place}.body`);
}

function checkResponse(value: unknown, place: string): void {
  const { status, statusText, headers, body } = members(value, place, ["status", "statusText", "headers", "body"]);
  const isStatus = Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 999;
  demand(isStatus, `${place}.status`, "a status from 200 to 999");
  demand(statusText === undefined || typeof statusText === "string", `${place}.statusText`, "a string");
  checkHeaders(headers, `${place}.headers`);
  checkBody(body, `${place}.body`);
}

function checkHeaders(value: unknown, place: string): void {
  if (value === undefined) return;
  for (const [name, field] of Object.entries(members(value, place))) {
    const isText = [field].flat().every(text => typeof text === "string");
    demand(isText, `${place}.${name}`, "a string or a list of strings");
  }
}

function checkBody(value: unknown, place: string): void {
  if (value === undefined) return;
  const body = members(value, place, ["json", "text", "base64"]);
  demand(Object.keys(body).length === 1, place, 'one of "json", "text" and "base64"');
  if ("text" in body) demand(typeof body["text"] === "string", `${place}.text`, "a string");
  if ("base64" in body) demand(typeof body["base64"] === "string", `${place}.base64`, "a string");
}

function members(value: unknown, place: string, known?: readonly string[]): Record<string, unknown> {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), place, "an object");
  const found = value as Record<string, unknown>;
  const unknown = known && Object.keys(found).find(name => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`has the unknown member ${JSON.stringify(unknown)} in ${place}`);
  return found;
}

function demand(holds: boolean, place: string, kind: string): void {
  if (!holds) throw new TypeError(`is not right: ${place} must be ${kind}`);
}

/** Creates the error of a call without a recorded answer, or of a recording that cannot be read or written. */
export function notRecorded(
  message: string,
  details: ErrorDetails["NOT_RECORDED"],
  cause?: unknown,
): CapabilityError<"NOT_RECORDED"> {
  return new CapabilityError("NOT_RECORDED", { message, details, cause });
}
