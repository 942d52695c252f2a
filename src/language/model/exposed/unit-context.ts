import type { Kinds } from "../../document/kinds.ts";
import type { BindScope } from "../bind-scope.ts";
import type { CallIndex } from "./call-index.ts";
import type { Unit } from "./types.ts";

/** The parts of a capability that units refer to. */
export interface UnitContext {
  readonly kinds: Kinds;
  readonly binds: BindScope;
  readonly calls: CallIndex;
  readonly functions: ReadonlyMap<string, Unit>;
}
