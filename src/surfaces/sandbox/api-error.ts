/**
 * A request the sandbox refuses. It is answered as `{"error":{"code","message"}}` with its status, the shape that most
 * APIs give their errors.
 */
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

/** 400: an input is missing or does not fit. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "invalid_request", message);
}

/** 404: the item is not there. */
export function itemNotFound(collection: readonly string[], value: string): ApiError {
  const place = `/${collection.join("/")}`;
  return new ApiError(
    404,
    "not_found",
    `No item ${quote(value)} in ${quote(place)}: create it first, or seed it`,
  );
}

const LONGEST_QUOTE = 80;

/** Text from a request inside a message: quoted, and not longer than a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
