import type { Tool } from "../tool.ts";
import type { Answers } from "./answers.ts";
import { isWhole, type WholeTool } from "./whole-answer.ts";

/**
 * Makes a tool whose answers fit. Call it once for each tool that is listed.
 *
 * @param inputs whether `select`, `fields` and `cursor` are in the input schema; `hidden` accepts `cursor` alone
 */
export function fitTool(tool: WholeTool, answers: Answers, _inputs: "listed" | "hidden"): Tool {
  return {
    ...tool,
    async call(given, context) {
      const answer = await tool.call(given, context);
      return isWhole(answer) ? answers.fit(answer) : answer;
    },
  };
}
