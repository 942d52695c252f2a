import type { OutputParameter } from "../../document/document-types.ts";
import type { UnitMembers } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";

/** Finds units that say several ways to do their work, or none (language chapters 7.2 and 9). */
export const unitMode: ExposedRule = {
  name: "unit-mode",
  kinds: ["error", "warning"],
  explanation: "A unit has more than one of call, steps and ref, or nothing that gives it a result.",
  fix: "Keep the one that is meant; a function of an aggregate has no ref.",
  check({ units }, report) {
    for (const { kind, title, declaration, pointer } of units) {
      const { ref } = declaration;
      const modes = (["call", "steps", "ref"] as const).filter(mode => declaration[mode] !== undefined);
      if (kind === "function" && ref !== undefined) {
        report("error", `${pointer}/ref`, `${title} has "ref": a function does its work itself`);
      } else if (modes.length > 1) {
        const [first, ...others] = modes.map(mode => `"${mode}"`);
        report("error", `${pointer}/${modes.at(-1)}`, `${title} has ${first} and ${others.join(" and ")}: keep one`);
      } else if (ref !== undefined && declaration.mappings !== undefined) {
        report("error", `${pointer}/mappings`, `${title} has "mappings" beside "ref": the function has its own`);
      } else if (modes.length === 0 && !hasValue(declaration)) {
        report(
          "warning",
          pointer,
          `${title} has no call, steps or ref, and no output with a value: its answer is empty`,
        );
      }
      if (declaration.mappings !== undefined && declaration.steps === undefined && ref === undefined)
        report("warning", `${pointer}/mappings`, `${title} has "mappings" and no "steps": they are ignored`);
    }
  },
};

function hasValue({ outputParameters }: UnitMembers): boolean {
  const holds = (output: OutputParameter): boolean => {
    const items = output.items ?? [];
    const inside = [...Object.values(output.properties ?? {}), ...(Array.isArray(items) ? items : [items])];
    return (output.value ?? undefined) !== undefined || inside.some(each => holds(each as OutputParameter));
  };
  return (outputParameters ?? []).some(holds);
}
