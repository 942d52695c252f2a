import type { Remedy } from "../base/remedy.ts";

/** A capability file of a catalogue. */
export interface CatalogueFile {
  /** Name that calls it: `run <name>`. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Changes when the file, or one that it imports, is read anew. */
  readonly stamp: string;
  /** Empty if the file has none, as `description` is. */
  readonly label: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Reason why it does not open. The other members are empty then. */
  readonly problem?: CatalogueProblem | undefined;
  readonly operationCount: number;
  /** APIs that it consumes. */
  readonly adapters: readonly CatalogueAdapter[];
  /** Names of the variables that its `binds` declare. */
  readonly variables: readonly string[];
  /** Its operations, in the order of the file. They are read when they are asked for. */
  readonly operations: readonly CatalogueOperation[];
}

/** Reason why a file does not open. */
export interface CatalogueProblem {
  readonly message: string;
  readonly remedies: readonly Remedy[];
}

export interface CatalogueAdapter {
  readonly namespace: string;
  readonly description?: string;
  /** As written in the file. */
  readonly baseUri: string;
}

export interface CatalogueOperation {
  readonly name: string;
  /** Shortest text that names the operation alone within its file. */
  readonly reference: string;
  readonly namespace: string;
  readonly resource: string;
  readonly method: string;
  /** As written in the file. */
  readonly path: string;
  readonly label?: string;
  readonly description?: string;
  /** Tags of its own, besides those of its capability. */
  readonly tags?: readonly string[];
  readonly inputs: readonly CatalogueInput[];
}

export interface CatalogueInput {
  /** Name that the caller writes: the name, or `location:name` if two locations share the name. */
  readonly name: string;
  readonly in: string;
  readonly type: string;
  readonly required: boolean;
  readonly description?: string;
  /** The values that it may have, as a caller writes them. */
  readonly enum?: readonly string[];
}
