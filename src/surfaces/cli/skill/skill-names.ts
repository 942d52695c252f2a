import { isSkillName, LONGEST_SKILL_NAME } from "../../../language/document/skill-name.ts";

/** Returns the name of the skill of a capability: that of its file, in the letters that agents take. */
export function skillNameOf(capability: string): string {
  const name = slug(capability, LONGEST_SKILL_NAME);
  return isSkillName(name) ? name : "capability";
}

/** Longest name of a reference, without its ending. */
const LONGEST_FILE = 60;

/** Gives resources names of files that differ on every system. */
export class ReferenceNames {
  readonly #taken = new Set<string>();

  /** Returns a name without an ending. */
  take(resource: string): string {
    const wanted = slug(resource, LONGEST_FILE) || "resource";
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}-${number}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

function slug(text: string, longest: number): string {
  const dashed = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9]+/g, "-");
  return dashed.replace(/^-/, "").slice(0, longest).replace(/-$/, "");
}
