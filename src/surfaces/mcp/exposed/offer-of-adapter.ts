import { version } from "../../../base/version.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { McpAdapter, Unit } from "../../../language/model/exposed/types.ts";
import { agentText } from "../../../tools/agent-text.ts";
import type { Answers } from "../../../tools/answer/answers.ts";
import { fitTool } from "../../../tools/answer/fit-tool.ts";
import type { Tool } from "../../../tools/tool.ts";
import { toolNames } from "../../../tools/tool-names.ts";
import type { McpOffer } from "../offer.ts";
import { withSkills } from "../skills/skill-resources.ts";
import { exposedPrompts } from "./exposed-prompts.ts";
import { exposedResources } from "./exposed-resources.ts";
import { textsOf } from "./texts-of.ts";
import { unitTool } from "./unit-tool.ts";

export interface ExposedSettings {
  readonly answers: Answers;
  /** Told of what the operator has to mend: clients are told no more than that something is wrong. */
  readonly report: (error: unknown) => void;
}

/** Longest version, in characters. */
const LONGEST_VERSION = 200;
/** Longest instructions, in characters. */
const LONGEST_INSTRUCTIONS = 20_000;

/** Makes what an MCP adapter of a file offers (language chapter 7.3). */
export function offerOfAdapter(adapter: McpAdapter, runtime: Runtime, settings: ExposedSettings): McpOffer {
  const { namespace, description, tools, resources, prompts } = adapter;
  const { label, version: own } = runtime.model.info;
  const texts = textsOf({ label, description }, LONGEST_INSTRUCTIONS);
  const units = namedUnits(tools, runtime);
  return {
    name: namespace,
    title: texts.title,
    version: own ? agentText(own, LONGEST_VERSION) : version,
    instructions: texts.description,
    tools: toolsOf(units, runtime, settings),
    refusalOf: tool => refusalIn(units, tool, runtime),
    resources: withSkills(
      resources.length === 0 ? undefined : exposedResources(resources, runtime, settings.report),
      runtime,
      settings.report,
    ),
    prompts: prompts.length === 0 ? undefined : exposedPrompts(prompts, runtime),
  };
}

/** A unit that is a tool. */
interface NamedUnit {
  readonly unit: Unit;
  /** As the tool is listed. */
  readonly name: string;
}

/** Names the tools, also those that are refused: a policy changes no name. Of several with one name, the first is meant. */
function namedUnits(units: readonly Unit[], runtime: Runtime): NamedUnit[] {
  const first = new Map<string, Unit>();
  for (const unit of units) if (!first.has(unit.name)) first.set(unit.name, unit);
  const odd = [...first.keys()].filter(name => !ACCEPTED.test(name));
  const names = toolNames(odd.map(reference => ({ capability: runtime.name, reference })));
  const accepted = new Map(odd.map((name, index) => [name, names[index]]));
  return Array.from(first, ([written, unit]) => ({ unit, name: accepted.get(written) ?? written }));
}

/** Makes the tools that may be called. */
function toolsOf(units: readonly NamedUnit[], runtime: Runtime, { answers, report }: ExposedSettings): Tool[] {
  const offered = units.filter(({ unit }) => runtime.refusalOf(unit) === undefined);
  return offered.map(({ unit, name }) =>
    fitTool({ ...unitTool(unit, name, runtime, report), writtenName: unit.name }, answers, "hidden"),
  );
}

/** Tells why a tool may not be called. */
function refusalIn(units: readonly NamedUnit[], tool: string, runtime: Runtime): string | undefined {
  const found = units.find(({ unit, name }) => name === tool || unit.name === tool);
  const reason = found && runtime.refusalOf(found.unit);
  return reason && `Nothing was sent: ${tool} may not be called, since ${reason}`;
}

/** Names that every client takes. Others are listed in another form, and found by both. */
const ACCEPTED = /^[A-Za-z0-9_.-]{1,64}$/;
