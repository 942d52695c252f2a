import type { Mapping, OutputParameter, Step } from "./document-types.ts";

/** The members that every kind of unit has. */
export interface UnitDeclaration {
  readonly label?: string;
  readonly description?: string;
  /** Tags, which any file may have. */
  readonly tags?: unknown;
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly mappings?: readonly Mapping[];
  readonly ref?: string;
  readonly outputParameters?: readonly OutputParameter[];
}
