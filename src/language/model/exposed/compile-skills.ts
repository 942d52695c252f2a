import type {
  ExposesSkill,
  Skill as SkillDeclaration,
  SkillTool as ToolDeclaration,
} from "../../document/document-types.ts";
import { writtenMember } from "../../document/written-numbers.ts";
import type { Skill, SkillTool } from "./types.ts";

/** Compiles the skills of a server (language chapter 7.4). Of several of one name, the first is meant. */
export function compileSkills({ skills }: ExposesSkill, directory: string | undefined, pointer: string): Skill[] {
  const byName = new Map<string, Skill>();
  for (const [index, declaration] of skills.entries())
    if (!byName.has(declaration.name))
      byName.set(declaration.name, compileSkill(declaration, directory, `${pointer}/skills/${index}`));
  return [...byName.values()];
}

function compileSkill(declaration: SkillDeclaration, directory: string | undefined, pointer: string): Skill {
  const { name, location, metadata = {}, tools = [] } = declaration;
  return {
    name,
    description: declaration.description || name,
    license: declaration.license ?? undefined,
    compatibility: declaration.compatibility ?? undefined,
    // They are texts, whatever they look like: a version of 1.0 is no number.
    metadata: new Map(Object.keys(metadata).map(key => [key, String(writtenMember(metadata, key))])),
    allowedTools: declaration["allowed-tools"] ?? undefined,
    argumentHint: declaration["argument-hint"] ?? undefined,
    isUserInvocable: declaration["user-invocable"] ?? undefined,
    isModelInvocationDisabled: declaration["disable-model-invocation"] ?? undefined,
    folder: location === undefined ? undefined : { location, directory },
    tools: tools.map(compileTool),
    pointer,
  };
}

function compileTool({ name, description, from, instruction }: ToolDeclaration): SkillTool {
  const shared = { name, description: description || name };
  if (from === undefined) return { ...shared, kind: "instruction", file: instruction ?? "" };
  const namespace = from.sourceNamespace ?? from.namespace ?? "";
  return { ...shared, kind: "derived", namespace, action: from.action ?? from.name ?? "" };
}
