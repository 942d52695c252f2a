import type { Rule } from "../rule.ts";

/** Finds operations of one adapter with the same name, which alone means none of them (language chapter 5.1). */
export const operationUnique: Rule = {
  name: "operation-unique",
  kinds: ["warning"],
  explanation: "Two operations of an API have the same name, so calls by that name are refused as ambiguous.",
  fix: "Rename one of them, together with the references to it.",
  adapter({ namespace, resources = [] }, pointer, report) {
    const seen = new Map<string, string>();
    for (const [resourceIndex, { path, operations }] of resources.entries()) {
      for (const [index, { name, method }] of operations.entries()) {
        const other = seen.get(name);
        if (other === undefined) {
          seen.set(name, `${method ?? "GET"} ${path}`);
          continue;
        }
        report(
          "warning",
          `${pointer}/resources/${resourceIndex}/operations/${index}/name`,
          `Operation "${name}" of "${namespace}" is declared twice, first for ${other}: calls by that name will fail`,
        );
      }
    }
  },
};
