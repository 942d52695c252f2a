import { CapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { operationReferences, pathReference } from "./references.ts";
import type { CapabilityModel, Operation } from "./types.ts";

/** Index of the operations of one capability by all their names. */
export class OperationIndex {
  readonly #capability: Pick<CapabilityModel, "name" | "operations">;
  #operations: ReadonlyMap<string, readonly Operation[]> | undefined;
  /** Operations that were found before, by names of the file. */
  readonly #found = new Map<string, Operation>();

  constructor(capability: Pick<CapabilityModel, "name" | "operations">) {
    this.#capability = capability;
  }

  /**
   * Finds the one operation that `reference` names: its name, `resource.name`, `namespace.name`,
   * `namespace.resource.name`, `METHOD /path` as written in the file, or an alias.
   *
   * @throws CapabilityError `OPERATION_NOT_FOUND` with the nearest references, `OPERATION_AMBIGUOUS` with references
   *   that tell the candidates apart
   * @throws TypeError for a reference that is not a string
   */
  find(reference: string): Operation {
    return this.#found.get(reference) ?? this.#search(reference);
  }

  #search(reference: string): Operation {
    if (typeof reference !== "string")
      throw new TypeError(`An operation is named by a string, found ${typeof reference}`);
    this.#operations ??= indexOperations(this.#capability.operations);
    const operations = this.#operations;
    const written = operations.has(reference) ? reference : withUpperCaseMethod(reference);
    const owners = operations.get(written) ?? [];
    const atPath = owners.filter(candidate => pathReference(candidate) === written);
    const found = atPath.length > 0 ? atPath : owners;
    const [first] = found;
    if (first === undefined) throw this.notFound(reference);
    // The shortest reference of an operation always means that operation.
    const operation = found.length === 1 ? first : found.find(each => each.reference === reference);
    if (operation !== undefined) {
      this.#found.set(written, operation);
      return operation;
    }
    const candidates = found.map(candidate => candidate.reference);
    throw new CapabilityError("OPERATION_AMBIGUOUS", {
      message: `Operation ${JSON.stringify(reference)} of ${this.#capability.name} is ambiguous; write one of ${candidates
        .map(candidate => JSON.stringify(candidate))
        .join(", ")}`,
      details: { operation: reference, candidates },
    });
  }

  /**
   * Creates the error for a name that nothing has.
   *
   * @param others names of what can be called besides the operations
   * @param unread why something that may have the name cannot be read
   */
  notFound(reference: string, others: readonly string[] = [], unread?: string): CapabilityError {
    const { name, operations } = this.#capability;
    const candidates = reference.includes(" ")
      ? operations.map(pathReference)
      : operations.flatMap(operation => [operation.name, operation.reference, ...aliasesOf(operation)]);
    const suggestions = suggest(reference, [...candidates, ...others]);
    const hint = unread === undefined ? didYouMean(suggestions) : `. Not all that it exposes can be read: ${unread}`;
    return new CapabilityError("OPERATION_NOT_FOUND", {
      message: `Capability ${name} has no operation ${JSON.stringify(reference)}${hint}`,
      details: { operation: reference, suggestions, operations: operations.length },
    });
  }
}

function indexOperations(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const index = new Map<string, Operation[]>();
  for (const operation of operations) {
    const references = [...operationReferences(operation), operation.reference, ...aliasesOf(operation)];
    for (const reference of new Set(references)) getOrSet(index, reference, () => []).push(operation);
  }
  return index;
}

function aliasesOf({ aliases }: Operation): string[] {
  return aliases.map(({ value }) => value);
}

function withUpperCaseMethod(reference: string): string {
  const space = reference.indexOf(" ");
  return space < 0 ? reference : reference.slice(0, space).toUpperCase() + reference.slice(space);
}
