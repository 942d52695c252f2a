import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import type { ScriptStep, Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Paced } from "../../net/transport.ts";
import type { Span } from "../../telemetry/span.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import type { BindResolver } from "../binds/bind-resolver.ts";
import type { CallerFields } from "../binds/caller-fields.ts";
import type { Inputs } from "../request/check-inputs.ts";

/** The parts of an opened capability that calls of units need. Calls that a unit makes are permitted with it. */
export interface UnitHost {
  readonly binds: Pick<BindResolver, "resolve">;
  /** Form of numbers that a double cannot hold. */
  readonly numbers: NumberForm;
  /** Longest time of steps together, in milliseconds; `0` means no limit. */
  readonly deadlineMs: number;
  /** Aborted when the capability is closed and waits no longer. */
  readonly ending: AbortSignal;
  /** Is told how long steps take. */
  readonly telemetry: Telemetry | undefined;
  /**
   * Requires that a call of a unit may be made. `undefined`: it may.
   *
   * @param check checks the inputs, before a person is asked
   * @throws CapabilityError `OPERATION_REFUSED`, `CONFIRMATION_MISSING`
   */
  permit(unit: Unit, inputs: Inputs, options: UnitOptions, check: () => unknown): Promise<void> | undefined;
  /** Runs a script. `undefined` if it gives no result. */
  script(step: ScriptStep, context: unknown, signal: AbortSignal): Promise<unknown>;
  /** Gives an error its place in the file, and masks secrets in it. */
  present(error: unknown): Promise<unknown>;
  /** Calls an operation. Its errors have neither places nor masks yet. */
  call<Form extends "value" | "bytes">(
    operation: Operation,
    inputs: Inputs,
    options: UnitOptions,
    form: Form,
  ): Promise<HostAnswer[Form]>;
}

/** Options of a call of a unit. Those that are not listed are for the call of an operation, to which they are passed on. */
export interface UnitOptions {
  readonly cache?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
  readonly span?: Span | undefined;
  readonly callerFields?: CallerFields | undefined;
  readonly paced?: Paced | undefined;
}

interface HostAnswer {
  readonly value: ValueReply;
  readonly bytes: BytesReply;
}

/** The decoded answer of an operation. */
export interface ValueReply {
  readonly status: number;
  readonly body: unknown;
  readonly outputs: unknown;
  /** Size of the body as received, in bytes. */
  readonly size: number;
}

/** The answer of an operation as received. */
export interface BytesReply {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The whole body, where it has arrived. `pieces` gives it too. */
  readonly body: Uint8Array | undefined;
  readonly pieces: AsyncIterableIterator<Uint8Array>;
  /** Ends the exchange, also where no piece was asked for yet. */
  close(): Promise<unknown> | undefined;
}
