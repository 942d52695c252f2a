import type { Unit } from "../../../language/model/exposed/types.ts";
import type { Call } from "../call.ts";
import type { Trace } from "../trace.ts";

/** One call of something that is exposed. */
export interface UnitCall extends Omit<Call, "operation" | "inputs"> {
  readonly unit: Unit;
  /** The unit as the caller wrote it. */
  readonly reference: string;
  readonly trace: Trace | undefined;
}

/** Call whose inputs are read. */
export type ReadyCall = UnitCall & Pick<Call, "inputs">;
