import type { JsonObject } from "../../base/json-object.ts";
import type { ToolDefinition } from "./tool-definition.ts";

/** A tool as OpenAI's Chat Completions take it. */
export interface OpenAiChatTool {
  type: "function";
  function: { name: string; description: string; parameters: Record<string, unknown>; strict: false };
}

/** A tool as OpenAI's Responses take it. */
export interface OpenAiResponsesTool {
  type: "function";
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  strict: false;
}

export function chatTool({ name, description, inputSchema }: ToolDefinition): OpenAiChatTool {
  return { type: "function", function: { name, description, parameters: copyOf(inputSchema), strict: false } };
}

/** Strict schemas allow no optional argument, and few keywords: arguments are checked as they come. */
export function responsesTool({ name, description, inputSchema }: ToolDefinition): OpenAiResponsesTool {
  return { type: "function", name, description, parameters: copyOf(inputSchema), strict: false };
}

function copyOf(schema: JsonObject): Record<string, unknown> {
  return { ...schema };
}
