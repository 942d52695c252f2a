import type { ToolAnswer } from "./tool.ts";

/** Returns an answer that says what is wrong. */
export function problemAnswer(...texts: readonly string[]): ToolAnswer {
  return { content: texts.map(text => ({ type: "text", text })), structured: undefined, isError: true };
}
