import type { BindVariable } from "../document/declared-binds.ts";
import type { Setting } from "../overlays/resolved-overlay.ts";
import type { BindScope } from "./bind-scope.ts";
import type { DeferredOperation, OperationDetails } from "./deferred-operation.ts";
import type { Authentication } from "./types.ts";

/**
 * What `compile` asks of an overlay. The code behind it is loaded only where there is one, so that a call without pays
 * nothing.
 */
export interface AppliedOverlay {
  /** Variables that it declares, the strongest first. */
  readonly binds: readonly BindVariable[];
  /** Told first what its texts may refer to. */
  begin(scope: BindScope, namespaces: readonly string[]): void;
  baseUri(namespace: string): Setting<string> | undefined;
  /** `"none"` for no credential at all. */
  authentication(namespace: string): Authentication | "none" | undefined;
  /** Tells whether any of its texts refers to a variable. */
  refersTo(variable: BindVariable, scope: BindScope): boolean;
  /** Told last of all operations, which have their references. */
  nameOperations(capability: string, operations: readonly DeferredOperation[]): void;
  /** An operation's details with what the overlay sets in place. */
  refine(operation: DeferredOperation, details: OperationDetails): OperationDetails;
}
