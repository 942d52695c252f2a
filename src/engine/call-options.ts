import type { ResponseHeaders } from "../base/capability-error.ts";
import type { Pagination } from "../language/overlays/pagination.ts";
import type { StepFailure } from "./orchestration/unit-answer.ts";
import type { Confirm } from "./policy/permission.ts";
import type { AddedFields } from "./request/added-fields.ts";

/** Options of one call. */
export interface CallOptions extends AddedFields {
  /**
   * `false`: the answer comes from the API, whatever the option `cache` of the capability.
   *
   * @default true
   */
  readonly cache?: boolean | undefined;
  /** Ends the call with code `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time of this call, in place of the option `deadlineMs` of the capability. */
  readonly deadlineMs?: number | undefined;
  /**
   * A key by which the API tells a repeated request from another one (header `Idempotency-Key`): with it a request of any
   * method may be repeated. `true` makes one up for the call. An input that is the header wins.
   */
  readonly idempotencyKey?: boolean | string | undefined;
  /**
   * Asks a person whether a call may be made that the policy wants confirmed. The question is one line. Without it such a
   * call rejects with `CONFIRMATION_MISSING`.
   */
  readonly confirm?: Confirm | undefined;
}

/** Options of a walk through pages. */
export interface PagesOptions extends CallOptions {
  /**
   * How the operation hands out its list, in place of what an overlay says; without both it is detected, from the names
   * of inputs and the first answer.
   */
  readonly pagination?: Pagination | undefined;
  /**
   * Pages after which the walk ends. Without it, more than 1,000 reject with `RESPONSE_INVALID`.
   */
  readonly maxPages?: number | undefined;
  /** Items after which the walk ends; the last page is cut to fit. */
  readonly maxItems?: number | undefined;
}

/** Options of waiting for an answer. */
export interface WaitOptions<Outputs = unknown> extends CallOptions {
  /**
   * When to stop: a JSONPath filter over the outputs, such as `$.status == 'done'`, or a function of the result.
   */
  readonly until: string | ((result: RunResult<Outputs>) => boolean | Promise<boolean>);
  /**
   * Pause between two calls, in milliseconds.
   *
   * @default 5_000
   */
  readonly everyMs?: number | undefined;
  /**
   * Longest time of it all, in milliseconds. Expiry rejects with `TIMEOUT`.
   *
   * @default 120_000
   */
  readonly forMs?: number | undefined;
  /** Called after each call whose answer was not as wanted, with the number of calls and the time they took. */
  readonly onCall?: ((calls: number, elapsedMs: number) => void) | undefined;
}

/** The result of a call. `Outputs` is what the caller expects of the API: it is not checked. */
export interface RunResult<Outputs = unknown> {
  /** URL of the answer. Absent unless a redirect was followed. */
  readonly url?: string | undefined;
  /** The outputs by name; the decoded body where the operation declares none. */
  readonly outputs: Outputs;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The decoded body; the outputs again, where they are not of one answer. */
  readonly body: unknown;
  /** Steps whose failure the file allows, in its order. If there are some, the outputs are incomplete. */
  readonly failures?: readonly StepFailure[] | undefined;
}
