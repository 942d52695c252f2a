import { getOrSet } from "../../base/get-or-set.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { Document } from "./document.ts";
import type { ResolvedDocument } from "./resolve-document.ts";
import { type SourcePositions, sourcePositions } from "./source-positions.ts";

/**
 * Finder of the values of a resolved document where they are written: in the opened file, or in one that it imports.
 */
export class ValueLocator {
  readonly #document: ResolvedDocument;
  readonly #positions = new Map<Document, Promise<SourcePositions>>();

  constructor(document: ResolvedDocument) {
    this.#document = document;
  }

  /**
   * Returns the place of the value at a pointer of the resolved document. The pointer of the place is that in its file.
   * `undefined` for a document without a file.
   */
  async find(pointer: string): Promise<SourceLocation | undefined> {
    const { value, origins } = this.#document;
    const { document, pointer: written } = origins.find(value, pointer);
    const positions = await getOrSet(this.#positions, document, () => sourcePositions(document));
    return positions.find(written);
  }
}
