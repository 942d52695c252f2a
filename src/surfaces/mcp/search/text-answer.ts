import type { ToolAnswer } from "../../../tools/tool.ts";

/** Makes an answer of a text. */
export function textAnswer(text: string): ToolAnswer {
  return { content: [{ type: "text", text }], structured: undefined, isError: false };
}

/** Makes an answer that tells what cannot be done. */
export function faultAnswer(text: string): ToolAnswer {
  return { ...textAnswer(text), isError: true };
}
