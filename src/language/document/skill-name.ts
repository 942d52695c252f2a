/** Longest name of a skill that agents take. */
export const LONGEST_SKILL_NAME = 64;

/** Tells whether agents take a name of a skill (Agent Skills, `name`). */
export function isSkillName(name: string): boolean {
  return name.length <= LONGEST_SKILL_NAME && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);
}
