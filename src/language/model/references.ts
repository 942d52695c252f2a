import type { Operation } from "./types.ts";

type Unnamed = Omit<Operation, "reference">;

/** What an operation is named by. */
interface Named extends Pick<Operation, "resource" | "name" | "method" | "path"> {
  readonly adapter: Pick<Operation["adapter"], "namespace">;
}

/**
 * Returns the texts that may name an operation, shortest first (the command's and the library's operation references).
 */
export function operationReferences(operation: Named): string[] {
  const { adapter, method, path } = operation;
  return [...operationNames(operation), pathReference({ method, path }), `${adapter.namespace} ${method} ${path}`];
}

/** Returns the references that are made of names, shortest first. */
export function operationNames({ adapter, resource, name }: Pick<Named, "adapter" | "resource" | "name">): string[] {
  const { namespace } = adapter;
  return [name, `${resource}.${name}`, `${namespace}.${name}`, `${namespace}.${resource}.${name}`];
}

/** Returns `METHOD /path`, which means the operation with that path before any other. */
export function pathReference({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}

/** Operation that is being compiled. */
type OperationDraft = Unnamed & { reference: string };

/** Gives each operation the shortest reference that names no other operation. */
export function assignReferences(operations: readonly OperationDraft[]): readonly Operation[] {
  const names = new Map<string, number>();
  for (const { name } of operations) names.set(name, (names.get(name) ?? 0) + 1);
  let owners: ReadonlyMap<string, Unnamed | undefined> | undefined;
  for (const [index, operation] of operations.entries()) {
    const { name } = operation;
    // The longer references hold a dot or a space: a plain name can only clash with another name.
    if (names.get(name) === 1 && !/[. ]/.test(name)) {
      operation.reference = name;
      continue;
    }
    owners ??= soleOwners(operations);
    const references = operationReferences(operation);
    const unique = references.find(reference => owners?.get(reference) === operation);
    operation.reference = unique ?? `${references.at(-1)} #${index}`;
  }
  return operations;
}

/** Returns the one operation that each reference means; `undefined` if it could mean several. */
function soleOwners(operations: readonly Unnamed[]): ReadonlyMap<string, Unnamed | undefined> {
  const owners = new Map<string, Unnamed | undefined>();
  const add = (reference: string, operation: Unnamed) =>
    owners.set(reference, owners.has(reference) ? undefined : operation);
  for (const operation of operations) add(pathReference(operation), operation);
  const paths = new Set(owners.keys());
  for (const operation of operations) {
    for (const reference of new Set(operationReferences(operation))) {
      if (!paths.has(reference)) add(reference, operation);
    }
  }
  return owners;
}
