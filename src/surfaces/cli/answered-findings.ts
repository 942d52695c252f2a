import type { Diagnostic } from "../../base/capability-error.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import type { Adapter, CapabilityModel } from "../../language/model/types.ts";
import { valueAt } from "../../language/validation/document-path.ts";

/**
 * Leaves out findings about what the configuration gives in place of the file: a base URI, a credential, a variable.
 *
 * @param findings with pointers in the resolved document
 * @param model compiled with the overlay
 */
export function withoutAnswered(
  findings: readonly Diagnostic[],
  { adapters, binds }: CapabilityModel,
  document: CapabilityDocument,
): Diagnostic[] {
  const variables = new Set(binds.map(({ name }) => name));
  return findings.filter(finding => {
    const { severity, rule, pointer } = finding;
    if (severity === "error") return true;
    if (rule === "environment-parameter") return !variables.has(String(valueAt(document, pointer)));
    const isAnswered = ANSWERED[rule];
    if (isAnswered === undefined) return true;
    return !adapters.some(
      adapter =>
        (pointer === adapter.pointer || pointer.startsWith(`${adapter.pointer}/`)) && isAnswered(adapter, finding),
    );
  });
}

/** Tells by rule whether the overlay gives an adapter what a finding is about. */
const ANSWERED: Readonly<Record<string, (adapter: Adapter, finding: Diagnostic) => boolean>> = {
  "base-uri": ({ baseUriOrigin }) => baseUriOrigin !== undefined,
  "variable-exposed": ({ baseUriOrigin }) => baseUriOrigin !== undefined,
  // A finding with a remedy is about a credential over plain http.
  "authentication-usable": ({ authentication, baseUriOrigin }, { remedy }) =>
    authentication === undefined ||
    authentication.origin !== undefined ||
    (remedy !== undefined && baseUriOrigin !== undefined),
};
