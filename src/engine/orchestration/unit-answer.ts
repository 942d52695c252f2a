import type { CapabilityError, ResponseHeaders } from "../../base/capability-error.ts";

/** The answer of something that a capability exposes. */
export type UnitAnswer = UnitValue | UnitBytes;

/** A value that is made of one call, of steps, or of nothing but the file. */
interface UnitValue {
  readonly kind: "value";
  /** That of the API for a single call, 200 for steps; 204 where there is nothing to give. */
  readonly status: number;
  readonly value: unknown;
  /** Whether there is nothing to give: the API answered without a body, or no output of the file has a value. */
  readonly isEmpty: boolean;
  /** Steps whose failure the file allows (`x-continueOnError`), in its order. If there are some, the value is incomplete. */
  readonly failures: readonly StepFailure[];
}

/** The body of a single call, as the API gave it: no outputs are declared, or the answer is an error that is passed on. */
export interface UnitBytes {
  readonly kind: "bytes";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  readonly contentType: string | undefined;
  /** The whole body, where it has arrived. `pieces` gives it too. */
  readonly body: Uint8Array | undefined;
  readonly pieces: AsyncIterableIterator<Uint8Array>;
  /** Ends the exchange, also where no piece was asked for yet. */
  close(): Promise<unknown> | undefined;
}

export interface StepFailure {
  readonly step: string;
  readonly error: CapabilityError;
}

/** How a reader wants the answer of a unit. */
export interface UnitReader {
  /**
   * Form of a single call without `outputParameters`. `value`: the decoded body. `bytes`: as received. `reply`: as
   * received, and answers of 300 and above are passed on as they are, also where outputs are declared; for the other forms
   * they are an error.
   */
  readonly form: "value" | "bytes" | "reply";
  readonly steps?: StepObserver | undefined;
}

/** Is told of steps. */
export interface StepObserver {
  /** Called for every step that began, or was left out, as it ends. */
  ended(event: StepEvent): void;
}

/** How a step went. */
export interface StepEvent {
  readonly step: string;
  readonly kind: "call" | "lookup" | "script";
  /** Reference of the operation of a call. */
  readonly operation: string | undefined;
  /** Names of the steps that it refers to. */
  readonly uses: readonly string[];
  /** Milliseconds since the unit was called. */
  readonly startMs: number;
  readonly endMs: number;
  /**
   * `skipped`: its `x-if` does not hold. `continued`: it failed, and the unit goes on (`x-continueOnError`). `aborted`: it
   * was ended because another step failed, or the whole unit was.
   */
  readonly outcome: "done" | "skipped" | "failed" | "continued" | "aborted";
  /** Status of the API's answer; of the last one where there are several. */
  readonly status: number | undefined;
  /** How often it was tried (`x-retry`). */
  readonly attempts: number;
  /** Whether the answer is that of an identical GET of another step. */
  readonly isShared: boolean;
  /** Number of items of `x-forEach`. */
  readonly items: number | undefined;
  /** Secrets in it are not masked. */
  readonly error: unknown;
}
