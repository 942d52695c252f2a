import type { UnitAnswer, UnitReader } from "./unit-answer.ts";
import type { UnitOptions } from "./unit-host.ts";

/** One call of a unit, besides its inputs. */
export interface UnitCall {
  readonly options: UnitOptions;
  readonly reader: UnitReader;
}

/** Does what a unit is for, with inputs that are checked. */
export type Work = (inputs: ReadonlyMap<string, unknown>, call: UnitCall) => UnitAnswer | Promise<UnitAnswer>;
