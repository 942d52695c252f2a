import { invalidCapability } from "../../document/document.ts";
import type { CapabilityDocument } from "../../document/document-types.ts";
import type { ResolvedDocument } from "../../document/resolve-document.ts";
import { checkExposed, strictExposedRules } from "../../validation/check-exposed.ts";
import { withoutLiterals } from "../../validation/without-literals.ts";

/**
 * Requires that what a valid document exposes can be served.
 *
 * @param resolved the document before it was checked
 * @throws CapabilityError `CAPABILITY_INVALID` with every error
 */
export function requireServable(document: CapabilityDocument, { value, source }: ResolvedDocument): void {
  const errors = checkExposed(document, strictExposedRules).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw invalidCapability(source, withoutLiterals(errors, value));
}
