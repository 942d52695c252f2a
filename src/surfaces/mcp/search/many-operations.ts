import type { CatalogueOptions } from "../../../catalogue/catalogue.ts";
import type { CatalogueFile, CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { Answers } from "../../../tools/answer/answers.ts";
import type { ToolCallOptions } from "../../../tools/call-operation.ts";

/** Operations that are too many to be listed, and how they are called. */
export interface ManyOperations {
  /** Files that hold them, and where their index is kept. */
  readonly catalogue: CatalogueOptions;
  readonly answers: Answers;
  /** Opens a capability by the absolute path of its file. */
  readonly open: (file: string) => Promise<OpenedCapability>;
  /** Options of every call. */
  readonly options: ToolCallOptions;
  /** Returns the reason why an operation may not be called. Such operations are found by their names alone. */
  readonly refusalOf: (file: CatalogueFile, operation: CatalogueOperation) => string | undefined;
}

/** A capability that is open. */
export interface OpenedCapability {
  readonly runtime: Runtime;
  close(): Promise<void>;
}
