import type { InboundAuthentication } from "../../language/model/exposed/types.ts";
import type { Guard, GuardContext } from "./guard.ts";

/** Values of the fields of a declaration. None of them is empty. */
export type InboundValues = Readonly<Record<string, string>>;

/** One kind of authentication of callers: a row of the registry in `inbound-kinds.ts`. */
export interface InboundKind {
  /** Fields that must have a value. */
  readonly fields: readonly string[];
  /** Fields that may have one. */
  readonly optionalFields: readonly string[];
  /** Fields that are not secret. */
  readonly publicFields: readonly string[];
  /** Returns why the declaration can admit nobody, as the end of a sentence about it; `undefined` if it can. */
  problem(declared: InboundAuthentication, values: InboundValues, context: GuardContext): string | undefined;
  open(declared: InboundAuthentication, values: InboundValues, context: GuardContext): Guard | Promise<Guard>;
}
