import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { Pagination } from "../../language/overlays/pagination.ts";
import type { Inputs } from "../request/check-inputs.ts";

/** One page of a list. `Outputs` is what the caller expects of the API: it is not checked. */
export interface Page<Outputs = unknown> {
  /** Counted from 1, wherever in the list the walk began. */
  readonly page: number;
  /** The outputs of `run` for the page. */
  readonly outputs: Outputs;
  /**
   * The items of the page: those at the described path, else the only output if it is a list, else the list in the body
   * if the operation declares no outputs. Absent if the page has none of these.
   */
  readonly items?: readonly unknown[];
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The decoded body. */
  readonly body: unknown;
  /** Whether there are more pages, as far as the API tells. */
  readonly more: boolean;
  /** The described or detected pagination. Absent if the first answer is the whole list. */
  readonly pagination?: Pagination;
}

/** One answer of an operation, with its request. */
export interface PageAnswer {
  readonly outputs: unknown;
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The decoded body. */
  readonly body: unknown;
  /** URL of the request. */
  readonly url: string;
  readonly inputs: Inputs;
}

/** The request for a page: the operation with these inputs, or at the URL that the last answer names. */
export interface PageRequest {
  readonly inputs: Inputs;
  /** Absolute, and below the base URI. */
  readonly url?: string;
}
