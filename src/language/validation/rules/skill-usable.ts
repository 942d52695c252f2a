import { quoteValue } from "../../../base/visible-text.ts";
import type { ExposesSkill, Skill, SkillTool } from "../../document/document-types.ts";
import { isPlainPath } from "../../document/plain-path.ts";
import { isSkillName } from "../../document/skill-name.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Lengths that agents take (language chapter 7.4; Agent Skills, `description` and `compatibility`). */
const LONGEST = { description: 1_024, compatibility: 500 } as const;

/** Finds skills that cannot be served, or that agents do not take (language chapter 7.4). */
export const skillUsable: ExposedRule = {
  name: "skill-usable",
  kinds: ["error", "warning"],
  explanation:
    "A skill has the name of another one, no description, or a name or texts that agents do not take; or its location is no folder, or a tool of it has two sources, or a file that the skill cannot have.",
  fix: "Change the name, text, location or file as the message says.",
  check({ adapters }, report) {
    for (const { declaration, pointer } of adapters)
      if (declaration.type === "skill") checkServer(declaration, pointer, report);
  },
};

function checkServer({ skills }: ExposesSkill, pointer: string, report: ReportFinding): void {
  const names = new Set<string>();
  for (const [index, skill] of skills.entries()) {
    const place = `${pointer}/skills/${index}`;
    if (names.has(skill.name))
      report(
        "error",
        `${place}/name`,
        `Skill ${quoteValue(skill.name)} is declared twice: one name leads to one skill`,
      );
    names.add(skill.name);
    checkSkill(skill, place, report);
  }
}

function checkSkill(skill: Skill, pointer: string, report: ReportFinding): void {
  const { name, description, compatibility, location, tools = [] } = skill;
  const title = `Skill ${quoteValue(name)}`;
  if (!isSkillName(name)) {
    const rule = "lower-case letters, digits and single hyphens between them, at most 64";
    report("warning", `${pointer}/name`, `${title} has a name that agents do not take: it should be ${rule}`);
  }
  if (!description?.trim()) {
    const place = description === undefined ? pointer : `${pointer}/description`;
    report("warning", place, `${title} has no description, which tells an agent when to use it`);
  }
  for (const [member, text] of [
    ["description", description],
    ["compatibility", compatibility],
  ] as const) {
    const length = text?.length ?? 0;
    if (length <= LONGEST[member]) continue;
    const message = `${title}: ${member} has ${length} characters; agents take ${LONGEST[member]}`;
    report("warning", `${pointer}/${member}`, message);
  }
  if (location !== undefined && !/^file:/i.test(location)) {
    const message = `${title}: location ${quoteValue(location)} is not the file: URL of a folder`;
    report("error", `${pointer}/location`, message);
  }
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    const place = `${pointer}/tools/${index}`;
    if (names.has(tool.name))
      report("warning", `${place}/name`, `${title} has two tools of the name ${quoteValue(tool.name)}`);
    names.add(tool.name);
    checkTool(tool, skill, place, report);
  }
}

function checkTool({ name, from, instruction }: SkillTool, skill: Skill, pointer: string, report: ReportFinding): void {
  const title = `Skill ${quoteValue(skill.name)}, tool ${quoteValue(name)}`;
  if (instruction === undefined) return;
  const place = `${pointer}/instruction`;
  if (from !== undefined) report("error", place, `${title} has both from and instruction: one of them says what it is`);
  if (skill.location === undefined)
    report("error", place, `${title} names a file, and the skill has no location to read it from`);
  if (!isPlainPath(instruction)) {
    const names = "names of letters, digits, dots, hyphens and underscores";
    const message = `${title}: ${quoteValue(instruction)} is not a path below the location, of ${names}`;
    report("error", place, message);
  }
}
