import type { CatalogueFile, CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import type { Policy } from "../../../engine/policy/policy.ts";
import { bareName } from "../../../language/document/locate.ts";
import { shownBaseUri } from "../../../language/expression/base-uri.ts";
import { operationNames } from "../../../language/model/references.ts";

/** Tells why a policy refuses an operation that is known from its catalogue alone. */
export function catalogueRefusal(
  policy: Policy,
  { file, tags, adapters }: CatalogueFile,
  operation: CatalogueOperation,
): string | undefined {
  const { name, resource, namespace, method, path } = operation;
  const { baseUri = "" } = adapters.find(adapter => adapter.namespace === namespace) ?? {};
  const names = operationNames({ adapter: { namespace }, resource, name });
  // What it is called by in a catalogue may be longer than its own name.
  const target = { capability: bareName(file), names, method, path, tags: [...(operation.tags ?? []), ...tags] };
  return policy.refusalOf([{ ...target, baseUri: shownBaseUri(baseUri) }])?.reason;
}
