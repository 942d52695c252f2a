import type { Diagnostic } from "../../base/capability-error.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { consumedAdapters } from "../document/consumed.ts";
import { declaredBinds } from "../document/declared-binds.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import { literalCredentials, referenceTest } from "./literal-credentials.ts";

/** Texts that documentation writes in place of a credential. */
const PLACEHOLDER =
  /^(?:<[^<>]{1,99}>|\[[^[\]]{1,99}\]|[*xX.•…-]{3,}|(?:your|insert|replace|enter|paste|example|todo)[-_ ].{1,99}|.{0,40}(?:[-_ ]here|change[-_ ]?me|goes[-_ ]here|replace[-_ ]me)|placeholder|dummy|todo|(?:api[-_ ]?)?(?:key|token|secret|password))$/i;

/**
 * Finds credentials that stand in a file. They are never shown. Only `validate` looks for them, because every text is
 * read.
 */
export function literalFindings(document: CapabilityDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  const names = new Set<string>();
  for (const { namespace, name } of declaredBinds(document)) names.add(name).add(`${namespace}.${name}`);
  const isReference = referenceTest(names);
  const places = [...consumedAdapters(document)].map(({ adapter, pointer }) => [adapter, pointer] as const);
  const binds = [
    [document.binds, "/binds"],
    [document.capability?.binds, "/capability/binds"],
  ] as const;
  for (const [value, pointer] of [...places, ...binds]) {
    for (const { pointer: place, secret, name } of literalCredentials(value, pointer)) {
      if (isReference(secret)) continue;
      const subject = `The credential ${quoteValue(name)}`;
      const message = PLACEHOLDER.test(secret)
        ? `${subject} is a placeholder, and is sent as it stands`
        : `${subject} stands in the file: declare a variable for it in binds`;
      found.push({ severity: "warning", rule: "literal-credential", message, pointer: place });
    }
  }
  return found;
}
