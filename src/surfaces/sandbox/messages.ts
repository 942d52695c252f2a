import { member } from "../../base/json-object.ts";
/** A request that reached the sandbox. The body is complete. */
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

/** The answer of an operation, before it is written as JSON or text. */
export interface SandboxAnswer {
  readonly status: number;
  readonly value: unknown;
}

/** A response ready to be sent. */
export interface SandboxResponse {
  readonly status: number;
  /** Reason phrase. `undefined`: the standard one. */
  readonly statusText: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
  /** Reference of the operation that answered. `undefined` if no operation has the path and method. */
  readonly operation: string | undefined;
}

/** One request that was answered. */
export interface SandboxEvent {
  readonly method: string;
  /** Path without the query, which may hold a credential. */
  readonly path: string;
  readonly status: number;
  /** Reference of the operation. `undefined` if no operation has the path and method. */
  readonly operation: string | undefined;
}

/** Returns 200 with `value`. */
export function ok(value: unknown): SandboxAnswer {
  return { status: 200, value };
}

/** Returns 201 with the created value. */
export function created(value: unknown): SandboxAnswer {
  return { status: 201, value };
}

/** Returns the value of a header. Fields with the same name form one list (RFC 9110, 5.2). */
export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = member(headers, name);
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}
