import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { Inputs } from "../request/check-inputs.ts";

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
