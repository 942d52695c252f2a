import type { CatalogueFile } from "./catalogue-file.ts";
import type { Stamp } from "./stamp.ts";

/** A file as an index keeps it. */
export interface Entry extends CatalogueFile {
  /** Whether it was found below a folder that is searched. */
  readonly isDeep: boolean;
  /** Whether it is no capability, and does not claim to be one. It is kept so that it is not read again. */
  readonly isForeign: boolean;
  readonly kept: Stamp;
  /** Files that it imports, or would import if they were there. */
  readonly imports: readonly ImportedFile[];
  /** Its operations as JSON. */
  readonly operationText: Uint8Array;
}

export interface ImportedFile {
  readonly file: string;
  readonly kept: Stamp;
}

/** Folder that was listed. A new stamp tells that files are new or gone. */
export interface ListedFolder {
  readonly path: string;
  readonly kept: Stamp;
}
