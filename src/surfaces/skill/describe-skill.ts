import type { JsonObject } from "../../base/json-object.ts";
import { setMember } from "../../base/set-member.ts";
import { replaceHostile } from "../../base/visible-text.ts";
import type { ExposedAdapter, Skill, SkillTool } from "../../language/model/exposed/types.ts";

/** Describes skills in a list (language chapter 7.4). */
export function describeSkills(skills: readonly Skill[]): JsonObject {
  return {
    count: skills.length,
    skills: skills.map(({ name, description, license, tools }) =>
      plain({ name, description, license, tools: tools.map(tool => tool.name) }),
    ),
  };
}

/**
 * Describes a skill with its tools.
 *
 * @param adapters those of the file, which its tools come from
 */
export function describeSkill(skill: Skill, adapters: readonly ExposedAdapter[]): JsonObject {
  const metadata: Record<string, string> = {};
  for (const [key, value] of skill.metadata) setMember(metadata, key, agentText(value));
  return plain({
    name: skill.name,
    description: skill.description,
    license: skill.license,
    compatibility: skill.compatibility,
    "argument-hint": skill.argumentHint,
    "allowed-tools": skill.allowedTools,
    "user-invocable": skill.isUserInvocable,
    "disable-model-invocation": skill.isModelInvocationDisabled,
    metadata: skill.metadata.size === 0 ? undefined : metadata,
    tools: skill.tools.map(tool => describeTool(tool, adapters)),
  });
}

function describeTool(tool: SkillTool, adapters: readonly ExposedAdapter[]): JsonObject {
  const { name, description } = tool;
  if (tool.kind === "instruction") return plain({ name, description, type: "instruction", instruction: tool.file });
  const { namespace, action } = tool;
  // Opening has checked that there is one.
  const mode = adapters.find(adapter => adapter.type !== "control" && adapter.namespace === namespace)?.type;
  return plain({ name, description, type: "derived", invocationRef: { targetNamespace: namespace, action, mode } });
}

/** Leaves out members that are `undefined`. */
function plain(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? agentText(value) : value]],
    ),
  );
}

/** Returns a text of a file for agents: characters that people cannot see could hide instructions from them. */
function agentText(text: string): string {
  return replaceHostile(text, () => "");
}
