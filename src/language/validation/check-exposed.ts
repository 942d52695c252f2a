import type { Diagnostic } from "../../base/capability-error.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import { collectExposed } from "./exposed-elements.ts";
import type { ExposedRule } from "./exposed-rule.ts";
import { exposedRules } from "./exposed-rules.ts";

/** Rules that keep something from being served. */
export const strictExposedRules: readonly ExposedRule[] = exposedRules.filter(rule => rule.kinds.includes("error"));

/**
 * Returns the findings about what a document exposes, without places in the file. The document keeps to the schema.
 *
 * @param used the rules that are checked; by default all
 */
export function checkExposed(
  document: CapabilityDocument,
  used: readonly ExposedRule[] = exposedRules,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const elements = collectExposed(document);
  for (const rule of used) {
    rule.check(elements, (severity, pointer, message, remedy) => {
      const found = { severity, rule: rule.name, message, pointer };
      diagnostics.push(remedy === undefined ? found : { ...found, remedy });
    });
  }
  return diagnostics;
}
