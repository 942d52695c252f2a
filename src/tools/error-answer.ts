import {
  type CapabilityError,
  type ErrorCode,
  type ErrorDetails,
  isCapabilityError,
} from "../base/capability-error.ts";
import { isObject } from "../base/json-object.ts";
import type { Remedy } from "../base/remedy.ts";
import { LONGEST_EXCERPT, undecodedResponse } from "../engine/response/decode-response.ts";
import type { WholeAnswer } from "./answer/whole-answer.ts";

/**
 * Advice for agents, by code: what the reader of the answer can do. It cannot set options: what only the operator of the
 * server can mend is said so.
 */
const advice: {
  readonly [Code in ErrorCode]: (details: ErrorDetails[Code], mayChange: boolean) => string | undefined;
} = {
  USAGE: () => OPERATOR,
  CAPABILITY_NOT_FOUND: () => OPERATOR,
  CAPABILITY_INVALID: () => OPERATOR,
  DESCRIPTION_INVALID: () => OPERATOR,
  CONFIG_INVALID: () => OPERATOR,
  OPERATION_NOT_FOUND: () => undefined,
  OPERATION_AMBIGUOUS: () => undefined,
  OPERATION_REFUSED: () =>
    "Nothing was sent. The operator of this server decides what may be called: do not try to get there in another way.",
  CONFIRMATION_MISSING: ({ reason }) =>
    reason === "declined"
      ? "Nothing was sent. Do not call it again unless the person asks for it."
      : "Nothing was sent. This client cannot ask a person (it has no elicitation): let the person do it themselves.",
  INPUT_MISSING: () => undefined,
  INPUT_INVALID: () => undefined,
  INPUT_UNKNOWN: () => undefined,
  ROW_INVALID: () => undefined,
  BIND_MISSING: ({ headers }) =>
    headers === undefined
      ? "Nothing was sent. The operator of this server sets variables, in its environment or by --env-file."
      : `Nothing was sent. Each person has a credential of their own, which the settings of this client send as the header ${headers.join(" and the header ")}: let the person set it there.`,
  BASE_URI_MISSING: ({ namespace }) =>
    `Nothing was sent. The operator of this server sets the address of the API: --base-uri ${namespace}=https://…`,
  REQUEST_INVALID: () => "Nothing was sent.",
  AUTHENTICATION_FAILED: () => "The operator of this server has to see to its credential.",
  HTTP_STATUS: details => statusAdvice(details),
  NETWORK: ({ reason }, mayChange) =>
    mayChange && BREAKS.test(reason)
      ? `The connection broke. ${PERHAPS_DONE}`
      : "The API could not be reached, or the connection broke; a later call may succeed.",
  TIMEOUT: ({ reason }, mayChange) =>
    reason === "connect"
      ? "Nothing was sent: the API could not be reached in time."
      : `There was no whole answer in time.${mayChange ? ` ${PERHAPS_DONE}` : ""}`,
  CIRCUIT_OPEN: ({ retryInMs }) =>
    `Nothing was sent: the API has failed often.${retryInMs === undefined ? "" : ` Try again in ${seconds(retryInMs)}.`}`,
  REDIRECT_REFUSED: () => OPERATOR,
  EGRESS_REFUSED: () => "The operator of this server decides which hosts may be called.",
  ABORTED: () => undefined,
  RESPONSE_TOO_LARGE: (_, mayChange) =>
    mayChange ? PERHAPS_DONE : "Ask for less: fewer items, a smaller page, a narrower filter.",
  NOT_RECORDED: () => undefined,
  RESPONSE_INVALID: ({ status }, mayChange) =>
    mayChange && status !== undefined
      ? `The API answered ${status}: what the call does has been done. Only the answer cannot be read.`
      : undefined,
  STEP_FAILED: () => undefined,
  SCRIPT_FAILED: () => OPERATOR,
  IO_FAILED: () => OPERATOR,
  BATCH_REFUSED: () => OPERATOR,
  QUEUE_UNAVAILABLE: () => OPERATOR,
  QUEUE_REFUSED: () => OPERATOR,
  WORKER_LOST: () => undefined,
};

const OPERATOR = "The operator of this server can mend this; calling again cannot.";

const PERHAPS_DONE = "What the call does may have been done all the same: find out before you call again.";

/** Reasons of connections that were open: the request may have arrived. */
const BREAKS = /^(?:ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|HPE_\w+|UND_ERR_\w+)$/;

/**
 * Makes the answer that tells an agent of an error. Secrets have been masked in it.
 *
 * @param mayChange whether the call changes something, so that another one may do it twice
 */
export function errorAnswer(error: CapabilityError, mayChange = false): WholeAnswer {
  const { code, message, details } = error;
  const advise = advice[code as ErrorCode] as (details: unknown, mayChange: boolean) => string | undefined;
  const notes = [advise(details, mayChange), ...remedyNotes(error.remedies)].filter(note => note !== undefined);
  const answer = { isStructured: false, isError: true, notes: [...new Set(notes)] };
  const body = bodyOf(error);
  if (body === undefined || body === null || body === "")
    return { ...answer, value: message, form: "text", lead: undefined };
  return { ...answer, value: body, form: isObject(body) ? "json" : "text", lead: message };
}

/** Returns the answer of the API that an error is about. */
function bodyOf(error: CapabilityError): unknown {
  if (isCapabilityError(error, "HTTP_STATUS")) return error.details.body;
  if (!isCapabilityError(error, "RESPONSE_INVALID")) return undefined;
  const body = undecodedResponse(error)?.body;
  // A part of a secret, or one in hexadecimal, is not masked.
  const isWhole = body !== undefined && body.length <= LONGEST_EXCERPT && !body.includes(0);
  return isWhole ? error.details.body : undefined;
}

function statusAdvice({ status, retryAfterMs, request }: ErrorDetails["HTTP_STATUS"]): string | undefined {
  if (status === 401)
    return "The API refuses the credential of this server, or has been given none; its operator sets it.";
  if (retryAfterMs !== undefined) return `The API asks to wait ${seconds(retryAfterMs)} before the next call.`;
  if (status === 429) return "Too many calls: wait before the next one.";
  if (status >= 500 && request.method !== "GET" && request.method !== "HEAD") return PERHAPS_DONE;
  return undefined;
}

function seconds(ms: number): string {
  const count = Math.max(1, Math.ceil(ms / 1_000));
  return count === 1 ? "1 second" : `${count} seconds`;
}

/** Says which variables have no value: an agent can pass that on. Other remedies are options, which it cannot set. */
function remedyNotes(remedies: readonly Remedy[]): string[] {
  const variables = remedies.flatMap(remedy => ("variable" in remedy ? remedy.variable : []));
  return variables.length === 0 ? [] : [`To be set: ${[...new Set(variables)].join(", ")}`];
}
