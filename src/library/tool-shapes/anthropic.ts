import type { ToolDefinition } from "./tool-definition.ts";

/** A tool as Anthropic's Messages take it. */
export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: { type: "object"; [keyword: string]: unknown };
}

export function anthropicTool({ name, description, inputSchema }: ToolDefinition): AnthropicTool {
  return { name, description, input_schema: { ...inputSchema, type: "object" } };
}
