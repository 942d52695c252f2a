import { CapabilityError } from "../../../base/capability-error.ts";
import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";
import type { WholeAnswer, WholeTool } from "../../../tools/answer/whole-answer.ts";
import { errorAnswer } from "../../../tools/error-answer.ts";
import type { ToolAnswer } from "../../../tools/tool.ts";
import { findOne } from "./find-one.ts";
import { idOf } from "./named-catalogue.ts";
import { declareArguments, readOwnArguments } from "./own-arguments.ts";
import { faultAnswer } from "./text-answer.ts";
import type { ToolParts } from "./tool-parts.ts";

const ARGUMENTS = declareArguments({
  id: { type: "string", required: true },
  inputs: { type: "object", required: false },
});

const KINDS = {
  read_operation: {
    title: "Read by an operation",
    description: "Calls an operation whose method is GET or HEAD, which changes nothing. Others are refused.",
    annotations: { readOnlyHint: true, openWorldHint: true },
  },
  run_operation: {
    title: "Run an operation",
    description: "Calls any operation: it may change or delete something. For GET and HEAD take read_operation.",
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  },
} as const;

/** Makes a tool that calls operations. Their arguments are checked, and their answers written, as by their own tools. */
export function callTool(name: keyof typeof KINDS, parts: ToolParts): WholeTool {
  return {
    ...KINDS[name],
    name,
    inputSchema: {
      type: "object",
      properties: {
        id: { type: "string", description: "As found" },
        inputs: { type: "object", description: "Values by name, as described" },
      },
      required: ["id"],
      additionalProperties: false,
    },
    outputSchema: undefined,
    async call(given, context): Promise<WholeAnswer | ToolAnswer> {
      const read = await readOwnArguments(name, ARGUMENTS, given);
      if ("answer" in read) return read.answer;
      const { id, inputs = {} } = read.values as { readonly id: string; readonly inputs?: object };
      const found = await findOne(id, parts, context.signal);
      if ("answer" in found) return found.answer;
      try {
        return await parts.capabilities.use(found, async ({ operation, tool }) => {
          const isRefused = name === "read_operation" && !onlyReads(operation.method);
          return isRefused ? notReading(found) : tool.call(inputs, context);
        });
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof CapabilityError) return errorAnswer(error);
        throw error;
      }
    },
  };
}

/** Tells whether a method may be allowed for good: whatever an API does with others, it is not for reading. */
export function onlyReads(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function notReading(found: SearchHit): ToolAnswer {
  const { method, path } = found.operation;
  return faultAnswer(
    `Nothing was sent: ${idOf(found)} is ${method} ${path}, and read_operation calls GET and HEAD alone. ` +
      "run_operation calls it.",
  );
}
