import { resourceText, unitsText } from "./reference-text.ts";
import type { SkillContent } from "./skill-content.ts";
import { skillText } from "./skill-text.ts";

/** Writes the texts of a skill, by path. */
export function skillTexts(content: SkillContent): ReadonlyMap<string, string> {
  const { resources, units, unitsFile } = content;
  return new Map([
    ["SKILL.md", skillText(content)],
    ...resources.map(resource => [resource.file, resourceText(resource, content)] as const),
    ...(unitsFile === undefined ? [] : [[unitsFile, unitsText(units, content)] as const]),
  ]);
}
