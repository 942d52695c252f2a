import type { SourceLocation } from "../../base/source-location.ts";
import type { Document } from "./document.ts";
import type { ResolvedDocument } from "./resolve-document.ts";
import { type SourcePositions, sourcePositions } from "./source-positions.ts";

/** Finds the values of a resolved document where they are written: in the file opened, or in one it imports. */
export class ValueLocator {
  readonly #document: ResolvedDocument;
  readonly #positions = new Map<Document, Promise<SourcePositions>>();

  constructor(document: ResolvedDocument) {
    this.#document = document;
  }

  /**
   * The place of the value at a pointer of the resolved document. Its own pointer is that of the file it is in. `undefined`
   * for a document without a file.
   */
  async find(pointer: string): Promise<SourceLocation | undefined> {
    const { value, origins } = this.#document;
    const { document, pointer: written } = origins.find(value, pointer);
    const positions = this.#positions.get(document) ?? sourcePositions(document);
    this.#positions.set(document, positions);
    return (await positions).find(written);
  }
}
