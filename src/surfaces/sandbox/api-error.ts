import type { SandboxResponse } from "./messages.ts";

/** The refusal of a request, answered as `{"error":{"code","message"}}` with its status, as most APIs do. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Response headers beyond the usual ones. Their values are never text from a request. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Returns 400: an input is missing or does not fit. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "invalid_request", message);
}

/** Returns 404: the item is not there. */
export function itemNotFound(collection: readonly string[], value: string): ApiError {
  const place = `/${collection.join("/")}`;
  return new ApiError(404, "not_found", `No item ${quote(value)} in ${quote(place)}: create it first, or seed it`);
}

const LONGEST_QUOTE = 80;

/** Quotes text from a request for a message, cut to one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

/** Writes a refusal as APIs do. Any other error is a fault of the sandbox, 500. */
export function writeError(error: unknown): SandboxResponse {
  const refusal =
    error instanceof ApiError ? error : new ApiError(500, "internal_error", `The sandbox failed: ${String(error)}`);
  const { status, code, message, headers } = refusal;
  return {
    status,
    statusText: undefined,
    headers: { ...headers, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ error: { code, message } }),
    operation: undefined,
  };
}
