import type { BindScope } from "../bind-scope.ts";
import type { Operation } from "../types.ts";
import type { CallIndex } from "./call-index.ts";
import type { Unit } from "./types.ts";

/** The parts of a capability that units refer to. */
export interface UnitContext {
  /** Returns the inputs of an operation, by key, that no caller of a unit fills. */
  readonly closedInputs: (operation: Operation) => ReadonlySet<string>;
  readonly binds: BindScope;
  readonly calls: CallIndex;
  readonly functions: ReadonlyMap<string, Unit>;
}

/** The parts that units of a server refer to. */
export interface AdapterContext extends UnitContext {
  /** Folder of the file that declares the server. */
  readonly folder: string | undefined;
}
