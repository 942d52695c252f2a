import type { Inputs } from "../../engine/request/check-inputs.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Operation } from "../../language/model/types.ts";
import type { CommandContext } from "./command-context.ts";
import type { Notes } from "./notes.ts";
import type { RunArguments } from "./parse-run-arguments.ts";

/** One call of the command line. */
export interface Call {
  readonly capability: Runtime;
  readonly operation: Operation;
  readonly inputs: Inputs;
  readonly parsed: RunArguments;
  readonly context: CommandContext;
  readonly notes: Notes;
  /** Whether there is a configuration, which may set values of the call. */
  readonly isOverlaid: boolean;
  /** Commands of binds that are not run, as the call is only shown: which variables they would have given. */
  readonly withheld: { readonly used: ReadonlySet<string> } | undefined;
}
