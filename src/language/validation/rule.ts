import type { Severity } from "../../base/capability-error.ts";
import type { Remedy } from "../../base/remedy.ts";
import type {
  CapabilityDocument,
  ConsumedInputParameter,
  ConsumedOutputParameter,
  ConsumesHttp,
  Resource,
} from "../document/document-types.ts";
import type { Kinds } from "../document/kinds.ts";
import type { OperationElement } from "./elements.ts";

/** Reports a finding at the place with the given JSON pointer. */
export type ReportFinding = (severity: Severity, pointer: string, message: string, remedy?: Remedy) => void;

/** Explanation of a rule for people, in sentences. */
export interface RuleDescription {
  /** Kinds of its findings, the gravest first. */
  readonly kinds: readonly Severity[];
  /** Finding of the rule, and why it matters. */
  readonly explanation: string;
  /** Way to mend the finding. */
  readonly fix: string;
  /** Whether `naftiko validate --fix` mends some of it. */
  readonly fixable?: true;
}

/**
 * Semantic rule, which a JSON Schema cannot express. The document has passed the schema, so its shape is known. A hook
 * is called once for each element of its kind, in file order. `rules.ts` has a row for it.
 */
export interface Rule extends RuleDescription {
  /** Name in kebab case, shown with every finding. */
  readonly name: string;
  document?(document: CapabilityDocument, report: ReportFinding): void;
  adapter?(adapter: ConsumesHttp, pointer: string, report: ReportFinding, kinds: Kinds): void;
  resource?(resource: Resource, pointer: string, report: ReportFinding): void;
  operation?(context: OperationElement, report: ReportFinding, kinds: Kinds): void;
  parameter?(parameter: ConsumedInputParameter, pointer: string, report: ReportFinding, adapter: ConsumesHttp): void;
  output?(output: ConsumedOutputParameter, pointer: string, report: ReportFinding): void;
}
