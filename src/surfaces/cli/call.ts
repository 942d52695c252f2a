import type { CallOptions, RunResult } from "../../engine/call-options.ts";
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

/** Returns what the command line says of one call; what it says of all is said when the capability is opened. */
export function optionsOf({ parsed, context }: Pick<Call, "parsed" | "context">): CallOptions {
  return { ...parsed.call, signal: context.signal, confirm: confirmAt(parsed, context) };
}

/** Returns what asks the user at the terminal. `undefined` without one, and where standard input is read for an input. */
export function confirmAt({ inputs, inputsJson }: RunArguments, { terminal }: CommandContext): CallOptions["confirm"] {
  if (terminal === undefined || inputsJson === "-" || inputs.some(([, text]) => text === "-")) return undefined;
  return async message => {
    const { Asker } = await import("./ask.ts");
    return new Asker(terminal).yesNo({ message, usual: false });
  };
}

/** Writes the status and the headers of an answer, if the command line asks for them. */
export async function includeHead(
  head: Pick<RunResult, "status" | "headers">,
  call: Omit<Call, "operation">,
): Promise<void> {
  if (!call.parsed.include) return;
  const { writeHead } = await import("./response-head.ts");
  writeHead(head, call);
}

/**
 * Returns a value as it is printed: a table is for people, and has secrets masked; other forms are data, as they came.
 */
export function shownValue({ parsed, capability }: Pick<Call, "parsed" | "capability">, value: unknown): unknown {
  return parsed.output === "table" ? capability.secrets.value(value) : value;
}
