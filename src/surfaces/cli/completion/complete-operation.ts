import type { CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import { operationReferences, pathReference } from "../../../language/model/references.ts";
import type { Candidate } from "./completion.ts";
import type { KnownCapability } from "./known-capabilities.ts";

/**
 * Returns the ways to write the operations of a capability: their names, and `METHOD /path` where a method is begun.
 *
 * @param method operand before the cursor, where `METHOD /path` is written as two words
 */
export function operationNames(
  capability: KnownCapability | undefined,
  method: string | undefined,
  current: string,
): Candidate[] {
  const operations = capability?.operations ?? [];
  if (method !== undefined) {
    const ofMethod = operations.filter(operation => operation.method === method.toUpperCase());
    return ofMethod.map(operation => ({ text: operation.path, description: explain(operation, operation.reference) }));
  }
  const names = operations.map(operation => ({
    text: operation.reference,
    description: explain(operation, `${operation.method} ${operation.path}`),
  }));
  if (current === "") return names;
  return [
    ...names,
    ...operations.map(operation => ({
      text: `${operation.method} ${operation.path}`,
      description: explain(operation, operation.reference),
    })),
  ].filter(({ text }, index, all) => all.findIndex(other => other.text === text) === index);
}

function explain({ label, description }: CatalogueOperation, beginning: string): string {
  const text = label ?? description ?? "";
  return text === "" ? beginning : `${beginning}: ${text}`;
}

/** Tells whether a word is the method of `METHOD /path`. */
export function isMethod(word: string | undefined): boolean {
  return word !== undefined && /^(?:get|post|put|patch|delete|head|options|query|trace)$/i.test(word);
}

/** Finds an operation as `run` does: by each way to write it that is not ambiguous. */
export function findOperation({ operations }: KnownCapability, written: string): CatalogueOperation | undefined {
  const request = written.replace(/^[a-z]+(?= )/, method => method.toUpperCase());
  return (
    operations.find(({ reference }) => reference === written) ??
    soleOf(operations.filter(operation => pathReference(operation) === request)) ??
    soleOf(operations.filter(operation => referencesOf(operation).includes(written)))
  );
}

function referencesOf({ namespace, ...operation }: CatalogueOperation): string[] {
  return operationReferences({ ...operation, adapter: { namespace } });
}

function soleOf<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
