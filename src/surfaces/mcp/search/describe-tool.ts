import { CapabilityError } from "../../../base/capability-error.ts";
import { orAborted } from "../../../base/or-aborted.ts";
import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";
import type { CallerFields } from "../../../engine/binds/caller-fields.ts";
import { neededVariables } from "../../../engine/request/needed-variables.ts";
import { isOfCaller } from "../../../language/document/caller-field.ts";
import { agentText } from "../../../tools/agent-text.ts";
import { errorAnswer } from "../../../tools/error-answer.ts";
import type { Tool, ToolAnswer } from "../../../tools/tool.ts";
import { onlyReads } from "./call-tool.ts";
import { exampleOf } from "./example-of.ts";
import { findOne } from "./find-one.ts";
import { plainText } from "./list-found.ts";
import { idOf } from "./named-catalogue.ts";
import type { OpenOperation } from "./open-capabilities.ts";
import { declareArguments, readOwnArguments } from "./own-arguments.ts";
import { shortened } from "./shortened.ts";
import { textAnswer } from "./text-answer.ts";
import type { ToolParts } from "./tool-parts.ts";

const NAME = "describe_operation";
const LONGEST_DESCRIPTION = 600;
const LONGEST_PATH = 400;

const ARGUMENTS = declareArguments({ id: { type: "string", required: true } });

/** Makes the tool that tells how an operation is called. */
export function describeTool(parts: ToolParts): Tool {
  return {
    name: NAME,
    title: "Describe an operation",
    description: "Tells the inputs of an operation with an example, its outputs, and whether it changes something.",
    inputSchema: {
      type: "object",
      properties: { id: { type: "string", description: "As found, or a name or METHOD /path" } },
      required: ["id"],
      additionalProperties: false,
    },
    outputSchema: undefined,
    annotations: { readOnlyHint: true, openWorldHint: false },
    async call(given, { signal, callerFields }): Promise<ToolAnswer> {
      const read = await readOwnArguments(NAME, ARGUMENTS, given);
      if ("answer" in read) return read.answer;
      const found = await findOne(String(read.values["id"]), parts, signal);
      if ("answer" in found) return found.answer;
      try {
        const refusal = parts.many.refusalOf(found.file, found.operation);
        const describing = parts.capabilities.use(found, opened => describe(found, opened, refusal, callerFields));
        return textAnswer(await orAborted(describing, signal, () => signal.reason));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof CapabilityError) return parts.many.answers.fit(errorAnswer(error));
        throw error;
      }
    },
  };
}

async function describe(
  hit: SearchHit,
  { runtime, operation, tool }: OpenOperation,
  refused: string | undefined,
  caller: CallerFields | undefined,
): Promise<string> {
  const { method, path, label, description, outputs } = operation;
  const id = idOf(hit);
  const needed = neededVariables(operation);
  const unsent = needed.filter(isOfCaller).filter(({ key }) => caller?.find(key).kind !== "value");
  const states = await Promise.all(
    needed
      .filter(variable => !isOfCaller(variable))
      .map(async variable => ({
        name: variable.name,
        ...(await runtime.binds.state(variable)),
      })),
  );
  const missing = states.filter(({ kind }) => kind !== "set").map(({ name }) => name);
  return shortened(
    {
      id,
      request: `${method} ${agentText(path, LONGEST_PATH)}`,
      effect: effectOf(method),
      callWith: onlyReads(method) ? "read_operation" : "run_operation",
      ...(refused === undefined ? {} : { refused: agentText(refused, LONGEST_DESCRIPTION) }),
      ...(missing.length === 0 ? {} : { missing: `The operator of this server has to set ${missing.join(", ")}` }),
      ...(unsent.length === 0
        ? {}
        : { missingHeaders: `The person has to have their client send ${unsent.map(({ key }) => key).join(", ")}` }),
    },
    {
      ...(label === undefined ? {} : { title: agentText(label, 100) }),
      description: agentText(plainText(description ?? ""), LONGEST_DESCRIPTION),
      exampleOfInputs: exampleOf(tool.inputSchema),
      inputs: tool.inputSchema,
      outputs:
        outputs === undefined || outputs.length === 0
          ? "the decoded body of the answer"
          : Object.fromEntries(outputs.map(({ name, type }) => [name, agentText(type, 40)])),
    },
  );
}

/** Says what a call does to what it is about, as far as its method tells (RFC 9110, 9.2). */
function effectOf(method: string): string {
  if (onlyReads(method)) return "reads";
  return method === "DELETE" ? "deletes" : "may change something";
}
