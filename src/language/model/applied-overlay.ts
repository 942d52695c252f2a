import type { BindVariable } from "../document/declared-binds.ts";
import type { Setting } from "../overlays/resolved-overlay.ts";
import type { BindScope } from "./bind-scope.ts";
import type { DeferredOperation, OperationDetails } from "./deferred-operation.ts";
import type { Authentication } from "./types.ts";

/**
 * Interface of `compile` to an overlay. The code behind it is loaded only for an overlay, so that other calls pay
 * nothing.
 */
export interface AppliedOverlay {
  /** Variables that the overlay declares, the strongest first. */
  readonly binds: readonly BindVariable[];
  /** Receives, before all other calls, what the overlay's texts may refer to. */
  begin(scope: BindScope, namespaces: readonly string[]): void;
  baseUri(namespace: string): Setting<string> | undefined;
  /** Returns the declaration for a namespace; `"none"` for no credential. */
  authentication(namespace: string): Authentication | "none" | undefined;
  /** Tells whether a text of the overlay refers to a variable. */
  refersTo(variable: BindVariable, scope: BindScope): boolean;
  /** Receives, after all other calls, the operations with their references. */
  nameOperations(capability: string, operations: readonly DeferredOperation[]): void;
  /** Returns the details of an operation with the overlay laid over them. */
  refine(operation: DeferredOperation, details: OperationDetails): OperationDetails;
}
