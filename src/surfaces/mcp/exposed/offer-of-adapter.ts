import { version } from "../../../base/version.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { McpAdapter, Unit } from "../../../language/model/exposed/types.ts";
import type { Answers } from "../../../tools/answer/answers.ts";
import { fitTool } from "../../../tools/answer/fit-tool.ts";
import type { Tool } from "../../../tools/tool.ts";
import type { McpOffer } from "../offer.ts";
import { shortName } from "./tool-names.ts";
import { unitTool } from "./unit-tool.ts";

/** Makes what an MCP adapter of a file offers (language chapter 7.3). */
export function offerOfAdapter(adapter: McpAdapter, runtime: Runtime, answers: Answers): McpOffer {
  return {
    name: adapter.namespace,
    title: runtime.model.info.label,
    version,
    instructions: adapter.description,
    tools: toolsOf(adapter.tools, runtime, answers),
    refusalOf: () => undefined,
    resources: undefined,
    prompts: undefined,
  };
}

/** Makes the tools. Of several with one name, the first is meant. */
function toolsOf(units: readonly Unit[], runtime: Runtime, answers: Answers): Tool[] {
  const tools = new Map<string, Tool>();
  for (const unit of units) {
    const name = shortName(unit.name);
    if (!tools.has(name)) tools.set(name, fitTool(unitTool(unit, name, runtime), answers, "hidden"));
  }
  return [...tools.values()];
}
