import { CapabilityError, type ErrorCode } from "../../../base/capability-error.ts";
import { refusalOf } from "../../../serving/refusal-of.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/** Codes of JSON-RPC for errors of resources and prompts. Errors of tools are answers with `isError`. */
const codes: Readonly<Record<ErrorCode, number>> = {
  INPUT_MISSING: INVALID_PARAMS,
  INPUT_INVALID: INVALID_PARAMS,
  INPUT_UNKNOWN: INVALID_PARAMS,
  ROW_INVALID: INVALID_PARAMS,
  OPERATION_REFUSED: INVALID_PARAMS,
  CONFIRMATION_MISSING: INVALID_PARAMS,
  USAGE: INTERNAL_ERROR,
  CAPABILITY_NOT_FOUND: INTERNAL_ERROR,
  CAPABILITY_INVALID: INTERNAL_ERROR,
  DESCRIPTION_INVALID: INTERNAL_ERROR,
  CONFIG_INVALID: INTERNAL_ERROR,
  OPERATION_NOT_FOUND: INTERNAL_ERROR,
  OPERATION_AMBIGUOUS: INTERNAL_ERROR,
  REQUEST_INVALID: INTERNAL_ERROR,
  BIND_MISSING: INTERNAL_ERROR,
  BASE_URI_MISSING: INTERNAL_ERROR,
  IO_FAILED: INTERNAL_ERROR,
  BATCH_REFUSED: INTERNAL_ERROR,
  AUTHENTICATION_FAILED: INTERNAL_ERROR,
  HTTP_STATUS: INTERNAL_ERROR,
  NETWORK: INTERNAL_ERROR,
  REDIRECT_REFUSED: INTERNAL_ERROR,
  EGRESS_REFUSED: INTERNAL_ERROR,
  NOT_RECORDED: INTERNAL_ERROR,
  RESPONSE_TOO_LARGE: INTERNAL_ERROR,
  RESPONSE_INVALID: INTERNAL_ERROR,
  STEP_FAILED: INTERNAL_ERROR,
  SCRIPT_FAILED: INTERNAL_ERROR,
  TIMEOUT: INTERNAL_ERROR,
  CIRCUIT_OPEN: INTERNAL_ERROR,
  QUEUE_UNAVAILABLE: INTERNAL_ERROR,
  QUEUE_REFUSED: INTERNAL_ERROR,
  WORKER_LOST: INTERNAL_ERROR,
  ABORTED: INTERNAL_ERROR,
};

/**
 * Returns what a client is told of an error.
 *
 * @param report told of errors that only the operator can mend
 */
export function faultOf(error: unknown, report: (error: unknown) => void): ProtocolFault {
  if (error instanceof ProtocolFault) return error;
  const { status, message } = refusalOf(error, new Map());
  if (status === 500) report(error);
  // The client can mend what it gets a 400 for over REST.
  if (status === 400) return new ProtocolFault(INVALID_PARAMS, message);
  return new ProtocolFault(error instanceof CapabilityError ? codes[error.code as ErrorCode] : INTERNAL_ERROR, message);
}
