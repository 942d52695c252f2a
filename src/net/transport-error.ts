import { CapabilityError } from "../base/capability-error.ts";
import { rememberForeign } from "../base/foreign-error.ts";
import { thrownText } from "../base/thrown-text.ts";
import type { Bounds } from "./transport.ts";
import { MAX_HEADER_BYTES, MAX_INFORMATIONAL } from "./wire/header-limits.ts";

/** undici's codes for what the system and Node have codes for: an error is the same whichever transport met it. */
const SYSTEM_CODES: ReadonlyMap<string, string> = new Map([
  ["UND_ERR_SOCKET", "ECONNRESET"],
  ["UND_ERR_HEADERS_OVERFLOW", "HPE_HEADER_OVERFLOW"],
]);

/** Plain words for the system's codes. For any other code the system's own message is shown. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection was reset"],
  ["EPIPE", "the connection was closed while the request was sent"],
  ["ENOTFOUND", "the host name is not known"],
  ["EAI_AGAIN", "the host name could not be looked up"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["ETIMEDOUT", "the connection could not be opened in time"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "the body is not as long as the header says"],
  ["CERT_HAS_EXPIRED", "the server's certificate has expired"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the server's certificate is self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the server's certificate chain is self-signed"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the server's certificate cannot be verified"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "the issuer of the server's certificate is not known"],
  ["UNABLE_TO_GET_ISSUER_CERT", "the issuer of the server's certificate is not known"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the server's certificate is for another host"],
  ["EPROTO", "the TLS handshake failed; the server may not speak TLS on this port"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the TLS handshake failed; the server may not speak TLS on this port"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "the TLS handshake failed; the server may not speak TLS on this port"],
]);

/** Errors of a certificate whose issuer is unknown here. A person may trust it nevertheless. */
const UNTRUSTED =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT.*)$/;

/** Form of the codes of the system, Node, undici, and programs that follow them. */
const CODE = /^[\w.-]{1,100}$/;

/** How Node and undici say that the server closed the connection in order, though too early. */
const CLOSED = /^(?:socket hang up|aborted|other side closed)$/;

/** Translates an error of Node or undici; the original stays as `cause`. */
export function networkError(error: unknown, url: string): CapabilityError {
  if (isWhole(error)) return error;
  const { code: found, message } = deepest(error);
  const code = SYSTEM_CODES.get(found) ?? found;
  if (code === "HPE_HEADER_OVERFLOW") return headerTooLongError(error, url);
  const reason = CLOSED.test(message)
    ? "the connection was closed before the answer was complete"
    : (REASONS.get(code) ?? (code.startsWith("HPE_") ? "the answer is not valid HTTP" : message));
  return new CapabilityError("NETWORK", {
    message: `Cannot reach ${new URL(url).host}: ${reason} (${code})`,
    details: { reason: code, url },
    remedies: UNTRUSTED.test(code) ? [{ option: "certificateAuthority" }] : [],
    cause: error,
  });
}

/** Translates what a program's transport has thrown: the program finds it as `cause`, the same object. */
export function foreignError(thrown: unknown, url: string): CapabilityError {
  rememberForeign(thrown);
  return networkError(thrown, url);
}

export function timeoutError(url: string, { timeoutMs }: Bounds): CapabilityError {
  return new CapabilityError("TIMEOUT", {
    message: `No complete answer from ${new URL(url).host} within ${timeoutMs} ms`,
    details: { timeoutMs, url },
  });
}

/** Returns the error of a connection that could not be opened in time. */
export function connectTimeoutError(url: string, connectTimeoutMs: number): CapabilityError {
  return new CapabilityError("TIMEOUT", {
    message: `Cannot connect to ${new URL(url).host} within ${connectTimeoutMs} ms`,
    details: { timeoutMs: connectTimeoutMs, reason: "connect", url },
  });
}

/** Returns the error of a body whose next piece did not come in time. */
export function idleError(url: string, { timeoutMs }: Bounds): CapabilityError {
  return new CapabilityError("TIMEOUT", {
    message: `Nothing more came from ${new URL(url).host} within ${timeoutMs} ms`,
    details: { timeoutMs, url },
  });
}

export function exchangeAborted(url: string, signal: AbortSignal | undefined): CapabilityError {
  return new CapabilityError("ABORTED", {
    message: `The call to ${new URL(url).host} was aborted`,
    details: {},
    cause: signal?.reason,
  });
}

export function tooLargeError(url: string, { maxResponseBytes }: Bounds): CapabilityError {
  return new CapabilityError("RESPONSE_TOO_LARGE", {
    message: `The answer from ${new URL(url).host} is larger than ${maxResponseBytes} bytes`,
    details: { maxBytes: maxResponseBytes, url },
    remedies: [{ option: "maxResponseBytes" }],
  });
}

function headerTooLongError(cause: unknown, url: string): CapabilityError {
  return new CapabilityError("RESPONSE_TOO_LARGE", {
    message: `The header of the answer from ${new URL(url).host} is larger than ${MAX_HEADER_BYTES} bytes`,
    details: { maxBytes: MAX_HEADER_BYTES, url },
    cause,
  });
}

/**
 * Returns the error of a server that announces an answer for ever: each announcement restarts the count of the bytes of
 * a header.
 */
export function informationalError(url: string): CapabilityError {
  return new CapabilityError("NETWORK", {
    message: `Cannot reach ${new URL(url).host}: more than ${MAX_INFORMATIONAL} informational answers came, and no final one`,
    details: { reason: "TOO_MANY_INFORMATIONAL", url },
  });
}

/**
 * Tells whether `error` is a CapabilityError with all its members: a program may throw an object that only looks like
 * one.
 */
function isWhole(error: unknown): error is CapabilityError {
  try {
    if (!(error instanceof CapabilityError)) return false;
    const { code, message, details }: Record<"code" | "message" | "details", unknown> = error;
    return typeof code === "string" && typeof message === "string" && typeof details === "object" && details !== null;
  } catch {
    return false;
  }
}

function deepest(error: unknown): { code: string; message: string } {
  try {
    return deepestCause(error);
  } catch {
    // Its members throw.
    return { code: "UNKNOWN", message: thrownText(error) };
  }
}

/** Returns the innermost cause with a code. An AggregateError (several addresses tried) stands for its first error. */
function deepestCause(error: unknown): { code: string; message: string } {
  let found = { code: "UNKNOWN", message: thrownText(error) };
  let current: unknown = error;
  for (let depth = 0; depth < 10 && typeof current === "object" && current !== null; depth++) {
    const { name, code, message, cause, errors } = current as {
      name?: unknown;
      code?: unknown;
      message?: unknown;
      cause?: unknown;
      errors?: readonly unknown[];
    };
    // undici's parser gives no code for an answer that does not even begin as HTTP.
    const known = code ?? (name === "HTTPParserError" ? "HPE_INVALID" : undefined);
    if (typeof known === "string" && CODE.test(known)) found = { code: known, message: thrownText({ message }) };
    current = cause ?? errors?.[0];
  }
  return found;
}
