import type { JsonObject } from "../../base/json-object.ts";
import type { ToolContent } from "../../tools/tool.ts";

/** The answer to a call of a tool, for a model. */
export interface ToolResult {
  /** All texts of the answer. */
  readonly text: string;
  /** The parts of the answer: texts, images, sounds. */
  readonly content: readonly ToolContent[];
  /** Whether the call failed; the text says why, and what can be done. */
  readonly isError: boolean;
}

/** A tool as it is listed. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (2020-12) of the arguments. */
  readonly inputSchema: JsonObject;
  /** Whether a call changes nothing. */
  readonly isReadOnly: boolean;
}
