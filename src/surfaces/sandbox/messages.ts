/** A request as it reached the sandbox; the body is complete. */
export interface SandboxRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** Names in lower case, as `node:http` gives them. */
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
}

/** Request headers by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an operation of the sandbox answers, before it is written as JSON or text. */
export interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/** A response ready to be sent. */
export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Reference of the operation that answered; absent where the request was for none. */
  readonly operation?: string;
}

/** 200 with `value`. */
export function ok(value: unknown): Answer {
  return { status: 200, value };
}

/** 201 with what was created. */
export function created(value: unknown): Answer {
  return { status: 201, value };
}

/** The value of a header; fields of the same name are one list (RFC 9110, 5.2). */
export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}
