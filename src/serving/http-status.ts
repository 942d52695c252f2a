import { CapabilityError, type ErrorCode, isCapabilityError } from "../base/capability-error.ts";

/** Statuses that servers answer with for errors (language chapter 7.2). */
const statuses: Readonly<Record<ErrorCode, number>> = {
  // Nothing that a caller sends can cause or mend these.
  USAGE: 500,
  CAPABILITY_NOT_FOUND: 500,
  CAPABILITY_INVALID: 500,
  DESCRIPTION_INVALID: 500,
  CONFIG_INVALID: 500,
  OPERATION_NOT_FOUND: 500,
  OPERATION_AMBIGUOUS: 500,
  REQUEST_INVALID: 500,
  BIND_MISSING: 500,
  BASE_URI_MISSING: 500,
  IO_FAILED: 500,
  BATCH_REFUSED: 500,
  QUEUE_REFUSED: 500,
  INPUT_MISSING: 400,
  INPUT_INVALID: 400,
  INPUT_UNKNOWN: 400,
  ROW_INVALID: 400,
  OPERATION_REFUSED: 403,
  CONFIRMATION_MISSING: 403,
  AUTHENTICATION_FAILED: 502,
  HTTP_STATUS: 502,
  NETWORK: 502,
  REDIRECT_REFUSED: 502,
  EGRESS_REFUSED: 502,
  NOT_RECORDED: 502,
  RESPONSE_TOO_LARGE: 502,
  RESPONSE_INVALID: 502,
  STEP_FAILED: 502,
  SCRIPT_FAILED: 502,
  TIMEOUT: 504,
  CIRCUIT_OPEN: 503,
  QUEUE_UNAVAILABLE: 503,
  WORKER_LOST: 503,
  // A caller that has gone does not read it: the server is shutting down.
  ABORTED: 503,
};

/** Returns the HTTP status for a thrown value. */
export function httpStatusOf(error: unknown): number {
  // The request lacks header fields that a call of it needs: those its caller can send.
  if (isCapabilityError(error, "BIND_MISSING") && error.details.headers !== undefined) return 400;
  return error instanceof CapabilityError ? statuses[error.code as ErrorCode] : 500;
}
