import type { CapabilityDocument } from "../document/document-types.ts";
import type { Operation } from "../model/types.ts";
import type { ExportedSchemas, SpecVersion } from "./exported-schemas.ts";

/** Operation that is written, and the document that it becomes a part of. */
export interface ExportContext {
  readonly operation: Operation;
  /** The document that has the operation. */
  readonly document: CapabilityDocument;
  readonly version: SpecVersion;
  readonly schemas: ExportedSchemas;
  /** Credentials that the file holds itself. None is written. */
  readonly secrets: ReadonlySet<string>;
  /** Is told what OpenAPI has no word for. */
  readonly report: (message: string) => void;
}
