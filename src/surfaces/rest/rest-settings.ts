import type { IdempotencyLedger } from "../../serving/idempotency/idempotency-ledger.ts";

/** Settings of the server of a REST adapter. */
export interface RestSettings {
  /** Longest body of a request, in bytes. */
  readonly maxBodyBytes: number;
  /** Remembers the answers to requests that have a key. */
  readonly ledger: IdempotencyLedger;
  /** Told of what the operator has to mend: callers are told no more than that something is wrong. */
  readonly report: (error: unknown) => void;
}
