import { CapabilityError } from "../base/capability-error.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Operation } from "../language/model/types.ts";
import type { WholeAnswer, WholeTool } from "./answer/whole-answer.ts";
import { isInputError, noArguments, wrongArguments } from "./argument-faults.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { errorAnswer } from "./error-answer.ts";
import { operationAnswer } from "./operation-answer.ts";
import type { ToolAnswer, ToolContext } from "./tool.ts";

/**
 * Makes what calls an operation for agents. Every error is an answer; only the end of the caller is thrown.
 *
 * @param tool name of the tool, for what is told of its arguments
 */
export function operationCaller(
  runtime: Runtime,
  operation: Operation,
  declared: Arguments,
  tool: string,
): WholeTool["call"] {
  const { reference } = operation;
  return async (given: unknown, { signal }: ToolContext): Promise<WholeAnswer | ToolAnswer> => {
    const read = readArguments(declared, given);
    if (read === undefined) return noArguments(tool, declared);
    const { inputs, unknown } = read;
    const check = (some: typeof inputs) => runtime.prepare(reference, some, {});
    if (unknown.length > 0) return wrongArguments({ tool, declared, unknown, inputs, check });
    try {
      const answer = await runtime.call(reference, inputs, { signal }, "items");
      return await operationAnswer(runtime, operation, { tool, declared, inputs, answer, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CapabilityError)) throw error;
      if (isInputError(error)) return wrongArguments({ tool, declared, unknown, inputs, check });
      return errorAnswer(error);
    }
  };
}
