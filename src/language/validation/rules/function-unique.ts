import type { ExposedRule } from "../exposed-rule.ts";

/** Finds functions, and tools or resources of one server, of the same name (language chapter 9). */
export const functionUnique: ExposedRule = {
  name: "function-unique",
  kinds: ["error", "warning"],
  explanation:
    "Two functions have the same reference, or two tools or resources of a server the same name: the first one is meant.",
  fix: "Rename one of them, together with the references to it.",
  check({ units }, report) {
    const seen = new Set<string>();
    for (const { kind, namespace, title, declaration, pointer } of units) {
      if (kind === "operation" || declaration.name === undefined) continue;
      const key = `${kind} ${namespace}.${declaration.name}`;
      if (seen.has(key)) {
        const severity = kind === "function" ? "error" : "warning";
        report(severity, `${pointer}/name`, `${title} is there twice in "${namespace}"`);
      }
      seen.add(key);
    }
  },
};
