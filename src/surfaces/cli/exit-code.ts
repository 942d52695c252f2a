import { CapabilityError, type ErrorCode } from "../../base/capability-error.ts";

/** Exit codes of the command. */
export const exitCode = {
  done: 0,
  /** A fault in this program. */
  fault: 1,
  /** The command line, an operation's name, or an input. */
  usage: 2,
  /** The capability was not found, or it, the configuration or a description of an API is not valid. */
  capability: 3,
  /** A bind or a base URI is missing, or a credential cannot be had. */
  configuration: 4,
  /** The API answered with a status of 400 or above, or with a redirect that is not followed. */
  httpStatus: 5,
  /** Network, TLS, time-out; a refused redirect or host; a recording that does not have the call. */
  network: 6,
  /** The response could not be decoded, exceeded a limit, or could not be used by a step; or a script failed. */
  response: 7,
  /** This computer could not write what came of it, or could not read or write something else. */
  output: 8,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const exitCodes: Readonly<Record<ErrorCode, ExitCode>> = {
  USAGE: exitCode.usage,
  OPERATION_NOT_FOUND: exitCode.usage,
  OPERATION_AMBIGUOUS: exitCode.usage,
  OPERATION_REFUSED: exitCode.usage,
  CONFIRMATION_MISSING: exitCode.usage,
  INPUT_MISSING: exitCode.usage,
  INPUT_INVALID: exitCode.usage,
  INPUT_UNKNOWN: exitCode.usage,
  ROW_INVALID: exitCode.usage,
  REQUEST_INVALID: exitCode.usage,
  BATCH_REFUSED: exitCode.usage,
  CAPABILITY_NOT_FOUND: exitCode.capability,
  CAPABILITY_INVALID: exitCode.capability,
  DESCRIPTION_INVALID: exitCode.capability,
  CONFIG_INVALID: exitCode.capability,
  QUEUE_REFUSED: exitCode.capability,
  BIND_MISSING: exitCode.configuration,
  BASE_URI_MISSING: exitCode.configuration,
  AUTHENTICATION_FAILED: exitCode.configuration,
  HTTP_STATUS: exitCode.httpStatus,
  NETWORK: exitCode.network,
  TIMEOUT: exitCode.network,
  CIRCUIT_OPEN: exitCode.network,
  NOT_RECORDED: exitCode.network,
  QUEUE_UNAVAILABLE: exitCode.network,
  WORKER_LOST: exitCode.network,
  REDIRECT_REFUSED: exitCode.network,
  EGRESS_REFUSED: exitCode.network,
  RESPONSE_INVALID: exitCode.response,
  RESPONSE_TOO_LARGE: exitCode.response,
  STEP_FAILED: exitCode.response,
  SCRIPT_FAILED: exitCode.response,
  IO_FAILED: exitCode.output,
  ABORTED: exitCode.interrupted,
};

/** Returns the exit code for a thrown value. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof CapabilityError ? exitCodes[error.code as ErrorCode] : exitCode.fault;
}
