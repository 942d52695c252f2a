import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { Pagination } from "../../language/overlays/pagination.ts";
import type { Inputs } from "../request/check-inputs.ts";

/** One page of a list. */
export interface Page {
  /** Counted from 1, wherever in the list the walk began. */
  readonly page: number;
  /** What `run` gives for the page. */
  readonly outputs: unknown;
  /**
   * The items of the page: those at the described path, else the output where the operation has a single one and that is
   * a list, else the list in the body where the body is what the operation gives. Absent where there is none of these.
   */
  readonly items?: readonly unknown[];
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The decoded body. */
  readonly body: unknown;
  /** Whether the list goes on behind this page, as far as the API tells. */
  readonly more: boolean;
  /** How the next page is found, as described or detected; absent where the first answer is the whole list. */
  readonly pagination?: Pagination;
}

/** One answer of an operation, and what it was asked with. */
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

/** What to ask for: the operation with these inputs, at another URL where the last answer names one. */
export interface PageRequest {
  readonly inputs: Inputs;
  /** Absolute, and checked: it is below the base URI. */
  readonly url?: string;
}
