import type { JsonObject } from "../../base/json-object.ts";
import type { ToolDefinition, ToolResult } from "./tool-definition.ts";

/** A tool as the Vercel AI SDK takes it. Its schema is a Standard Schema, so that the package is not needed to make it. */
export interface AiSdkTool {
  description: string;
  inputSchema: AiSdkSchema;
  /** @throws Error with the text of an answer that is an error: the SDK tells the model */
  execute(input: Record<string, unknown>, options: { readonly abortSignal?: AbortSignal }): Promise<ToolResult>;
  /** Gives a result to the model. */
  toModelOutput(given: { readonly output: ToolResult }): AiSdkOutput;
}

/** https://standardschema.dev */
interface AiSdkSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "naftiko";
    readonly types?: { readonly input: unknown; readonly output: Record<string, unknown> } | undefined;
    validate(value: unknown): { readonly value: Record<string, unknown> };
    readonly jsonSchema: {
      input(): Record<string, unknown>;
      output(): Record<string, unknown>;
    };
  };
}

type AiSdkOutput =
  | { type: "text"; value: string }
  | {
      type: "content";
      value: ({ type: "text"; text: string } | { type: "image-data" | "file-data"; data: string; mediaType: string })[];
    };

/** @param call calls a tool */
export function aiSdkTool(
  { name, description, inputSchema }: ToolDefinition,
  call: (name: string, given: unknown, signal: AbortSignal | undefined) => Promise<ToolResult>,
): AiSdkTool {
  return {
    description,
    inputSchema: schemaOf(inputSchema),
    async execute(input, { abortSignal }) {
      const result = await call(name, input, abortSignal);
      if (result.isError) throw new Error(result.text);
      return result;
    },
    toModelOutput: ({ output }) => outputOf(output),
  };
}

/** Describes the arguments. The call checks them: it tells the model what would be right. */
function schemaOf(inputSchema: JsonObject): AiSdkSchema {
  const copy = () => ({ ...inputSchema });
  return {
    "~standard": {
      version: 1,
      vendor: "naftiko",
      validate: value => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: copy, output: copy },
    },
  };
}

function outputOf({ text, content }: ToolResult): AiSdkOutput {
  if (content.every(({ type }) => type === "text")) return { type: "text", value: text };
  const value = content.map(part => {
    if (part.type === "text") return { type: "text" as const, text: part.text };
    if (part.type === "resource")
      return { type: "file-data" as const, data: part.resource.blob, mediaType: part.resource.mimeType };
    const type = part.type === "image" ? ("image-data" as const) : ("file-data" as const);
    return { type, data: part.data, mediaType: part.mimeType };
  });
  return { type: "content", value };
}
