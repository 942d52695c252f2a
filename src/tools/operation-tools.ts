import type { Runtime } from "../engine/runtime.ts";
import type { Operation } from "../language/model/types.ts";
import { agentLine } from "./agent-text.ts";
import { annotationsOf } from "./annotations.ts";
import type { Answers } from "./answer/answers.ts";
import { fitTool } from "./answer/fit-tool.ts";
import type { WholeTool } from "./answer/whole-answer.ts";
import { argumentsOf } from "./arguments.ts";
import { argumentsSchema } from "./arguments-schema.ts";
import { operationCaller, type ToolCallOptions } from "./call-operation.ts";
import { outputSchemaOf } from "./output-schema.ts";
import type { Tool } from "./tool.ts";
import { toolNames } from "./tool-names.ts";

/** Operations of one capability that become tools. */
interface OfferedOperations {
  readonly runtime: Runtime;
  readonly operations: readonly Operation[];
}

/** Longest description of an operation, in characters. */
const LONGEST_DESCRIPTION = 800;
/** Longest title, in characters. */
const LONGEST_TITLE = 100;

/**
 * Makes a tool of each operation that may be called. Its name stays the same as long as no other capability has one of
 * that name.
 */
export function toolsOfOperations(
  offered: readonly OfferedOperations[],
  answers: Answers,
  options: ToolCallOptions = {},
): Tool[] {
  const isMixed = offered.length > 1;
  return namedOperations(offered).flatMap(({ runtime, operation, name }) => {
    if (runtime.refusalOf(operation) !== undefined) return [];
    const tool = operationTool(runtime, operation, name, options);
    const description = isMixed ? `${tool.description} of ${agentLine(runtime.name, LONGEST_TITLE)}` : tool.description;
    return [fitTool({ ...tool, description }, answers, "listed")];
  });
}

/** Returns the reasons why operations may not be called, by the names of the tools that they would be. */
export function refusedTools(offered: readonly OfferedOperations[]): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (const { runtime, operation, name } of namedOperations(offered)) {
    const reason = runtime.refusalOf(operation);
    if (reason !== undefined) refused.set(name, `Nothing was sent: ${name} may not be called, since ${reason}`);
  }
  return refused;
}

/** Names all operations, also those that are refused: a policy changes no name. */
function namedOperations(offered: readonly OfferedOperations[]) {
  const all = offered.flatMap(({ runtime, operations }) => operations.map(operation => ({ runtime, operation })));
  const names = toolNames(
    all.map(({ runtime, operation }) => ({ capability: runtime.name, reference: operation.reference })),
  );
  return all.map((found, index) => ({ ...found, name: names[index] ?? found.operation.name }));
}

/** Makes the tool of one operation. Its answers may have any size. */
export function operationTool(
  runtime: Runtime,
  operation: Operation,
  name: string,
  options: ToolCallOptions = {},
): WholeTool {
  const declared = argumentsOf(operation);
  return {
    name,
    title: operation.label === undefined ? undefined : agentLine(operation.label, LONGEST_TITLE) || undefined,
    description: descriptionOf(operation),
    inputSchema: argumentsSchema(declared),
    outputSchema: outputSchemaOf(operation),
    annotations: annotationsOf(operation),
    call: operationCaller(runtime, operation, { declared, tool: name, options }),
  };
}

/** Describes what an operation does, and the request that does it. */
function descriptionOf({ description, label, name, method, path }: Operation): string {
  const text = agentLine(description || label || name, LONGEST_DESCRIPTION);
  return `${text}${/[.!?…)]$/.test(text) ? " " : ". "}${method} ${agentLine(path, LONGEST_DESCRIPTION)}`;
}
