import type { JsonObject } from "../../base/json-object.ts";
import type { CapabilityTools, ToolDefinition, ToolResult } from "../capability-tools.ts";

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

export function aiSdkTool({ name, description, inputSchema }: ToolDefinition, tools: CapabilityTools): AiSdkTool {
  return {
    description,
    inputSchema: schemaOf(inputSchema),
    async execute(input, { abortSignal }) {
      const result = await tools.call(name, input, { signal: abortSignal });
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
  const value = content.map(part =>
    part.type === "text"
      ? ({ type: "text", text: part.text } as const)
      : {
          type: part.type === "image" ? ("image-data" as const) : ("file-data" as const),
          data: part.data,
          mediaType: part.mimeType,
        },
  );
  return { type: "content", value };
}
