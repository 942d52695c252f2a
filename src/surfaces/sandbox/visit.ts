import type { Operation } from "../../language/model/types.ts";
import type { SandboxAnswer } from "./messages.ts";
import type { Endpoint } from "./routing/endpoint.ts";
import type { Resources } from "./state/resources.ts";

/** A request that passed every check. */
export interface Visit {
  /** In upper case. HEAD is GET here. */
  readonly method: string;
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  /** Values of the path's parameters in order. */
  readonly values: readonly string[];
  readonly query: URLSearchParams;
  /** The decoded body. `undefined` if it is empty. */
  readonly body: unknown;
  readonly resources: Resources;
}

/** A function that answers for one role. Throws ApiError to refuse. */
export type VisitAnswerer = (visit: Visit) => SandboxAnswer;
