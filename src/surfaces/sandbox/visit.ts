import type { Operation } from "../../language/model/types.ts";
import type { Answer } from "./messages.ts";
import type { Endpoint } from "./routing/endpoint.ts";
import type { Resources } from "./state/resources.ts";

/** A request that passed every check, at the resource it is for. */
export interface Visit {
  /** In upper case; HEAD is GET here. */
  readonly method: string;
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  /** Values of the path's parameters in order. */
  readonly values: readonly string[];
  readonly query: URLSearchParams;
  /** The decoded body; `undefined` without one. */
  readonly body: unknown;
  readonly resources: Resources;
}

/** How the operations of one role behave. Throws {@link ApiError} for what they refuse. */
export type VisitAnswerer = (visit: Visit) => Answer;
