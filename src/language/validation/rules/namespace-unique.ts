import type { CapabilityDocument } from "../../document/document-types.ts";
import type { Rule } from "../rule.ts";

/** Finds adapters of one namespace: a reference to it must not be ambiguous (language chapter 1.3). */
export const namespaceUnique: Rule = {
  name: "namespace-unique",
  kinds: ["error"],
  explanation: "Two adapters have the same namespace, so a reference to it could mean either.",
  fix: "Rename one of them, together with the references to it.",
  document(document, report) {
    const seen = new Set<string>();
    for (const { namespace, pointer } of namespaces(document)) {
      if (seen.has(namespace)) report("error", `${pointer}/namespace`, `Namespace "${namespace}" is used twice`);
      seen.add(namespace);
    }
  },
};

function* namespaces(document: CapabilityDocument): Generator<{ namespace: string; pointer: string }> {
  const lists: readonly (readonly [string, readonly unknown[] | undefined])[] = [
    ["/consumes", document.consumes],
    ["/capability/consumes", document.capability?.consumes],
    ["/exposes", document.exposes],
    ["/capability/exposes", document.capability?.exposes],
  ];
  for (const [pointer, list] of lists) {
    for (const [index, entry] of (list ?? []).entries()) {
      const { namespace } = entry as { namespace?: unknown };
      if (typeof namespace === "string") yield { namespace, pointer: `${pointer}/${index}` };
    }
  }
}
