import type { ExposedElements } from "./exposed-elements.ts";
import type { ReportFinding, RuleDescription } from "./rule.ts";

/**
 * Semantic rule about what a document exposes. An error keeps that from being served or run; calls of consumed operations
 * do not need it. `exposed-rules.ts` has a row for it.
 */
export interface ExposedRule extends RuleDescription {
  /** Name in kebab case, shown with every finding. */
  readonly name: string;
  check(exposed: ExposedElements, report: ReportFinding): void;
}
