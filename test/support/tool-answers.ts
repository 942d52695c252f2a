import type { OpenOptions } from "../../src/engine/open-options.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../src/tools/answer/answers.ts";
import { toolsOfOperations } from "../../src/tools/operation-tools.ts";
import type { Tool, ToolAnswer, ToolContext } from "../../src/tools/tool.ts";
import { openTextRuntime } from "./open-text.ts";

/** Surroundings of a call that nobody ends and nobody is asked about. */
export const QUIET_CONTEXT: ToolContext = {
  caller: "",
  signal: new AbortController().signal,
  confirm: undefined,
};

/** Opens the text of a capability, and makes a tool of each of its operations. */
export async function openTools(text: string, options: OpenOptions = {}): Promise<readonly Tool[]> {
  const runtime = await openTextRuntime(text, options);
  return toolsOfOperations([{ runtime, operations: runtime.model.operations }], new Answers(DEFAULT_ANSWER_SETTINGS));
}

/** Returns the texts of an answer, one below the other. */
export function textOf({ content }: ToolAnswer): string {
  return content.map(item => (item.type === "text" ? item.text : `(${item.type})`)).join("\n");
}
