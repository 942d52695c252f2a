import type { Paced } from "../net/transport.ts";
import type { Span } from "../telemetry/span.ts";
import type { CallerFields } from "./binds/caller-fields.ts";
import type { CallOptions } from "./call-options.ts";

/** Options of a call that is done for other work. */
export interface InnerCallOptions extends CallOptions {
  /** Span of that work, where it is traced. Absent: the call has one of its own. */
  readonly span?: Span | undefined;
  /** Whether that work was allowed and confirmed, and this call with it. */
  readonly isPermitted?: boolean | undefined;
  /** Fields of the request that a server answers with the call. */
  readonly callerFields?: CallerFields | undefined;
  /** Says when its requests are sent, if it belongs to other calls. */
  readonly paced?: Paced | undefined;
}
