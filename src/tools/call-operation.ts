import { CapabilityError, isCapabilityError } from "../base/capability-error.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Operation } from "../language/model/types.ts";
import { annotationsOf } from "./annotations.ts";
import type { WholeAnswer, WholeTool } from "./answer/whole-answer.ts";
import { isInputError, noArguments, wrongArguments } from "./argument-faults.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { errorAnswer } from "./error-answer.ts";
import { operationAnswer } from "./operation-answer.ts";
import { otherContent } from "./other-content.ts";
import type { ToolAnswer, ToolContext } from "./tool.ts";

/** Options of every call. */
export type ToolCallOptions = Pick<CallOptions, "headers">;

interface CalledTool {
  readonly declared: Arguments;
  /** Name of the tool, for what is told of its arguments. */
  readonly tool: string;
  readonly options: ToolCallOptions;
}

/** Makes what calls an operation for agents. Every error is an answer; only the end of the caller is thrown. */
export function operationCaller(
  runtime: Runtime,
  operation: Operation,
  { declared, tool, options }: CalledTool,
): WholeTool["call"] {
  const { reference } = operation;
  return async (given: unknown, context: ToolContext): Promise<WholeAnswer | ToolAnswer> => {
    const { signal, confirm, span, callerFields } = context;
    const read = readArguments(declared, given);
    if (read === undefined) return noArguments(tool, declared);
    const { inputs, unknown } = read;
    const check = (some: typeof inputs) => runtime.prepare(reference, some, { ...options, callerFields });
    if (unknown.length > 0) return wrongArguments({ tool, declared, unknown, inputs, check });
    try {
      const answer = await runtime.call(
        reference,
        inputs,
        { ...options, signal, confirm, span, callerFields },
        "items",
      );
      return await operationAnswer(runtime, operation, { tool, declared, inputs, answer, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CapabilityError)) throw error;
      if (isInputError(error)) return wrongArguments({ tool, declared, unknown, inputs, check });
      const other = isCapabilityError(error, "RESPONSE_INVALID")
        ? otherContent(error, operation, runtime.secrets)
        : undefined;
      return other ?? errorAnswer(error, annotationsOf(operation).readOnlyHint !== true);
    }
  };
}
