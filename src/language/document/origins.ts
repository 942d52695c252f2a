import { pointerSegment, pointerSegments } from "../../base/json-pointer.ts";
import type { Document } from "./document.ts";

/** Place of a value as it was written. */
export interface Origin {
  readonly document: Document;
  /** JSON pointer in that document (RFC 6901). */
  readonly pointer: string;
}

/** Origin, and the names that members of the value have there, if they differ. */
interface Place extends Origin {
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * Places of the parts of a resolved document: their files and names. Only a part that is not at its own pointer in the
 * opened document is kept.
 */
export class Origins {
  readonly #document: Document;
  readonly #places = new Map<unknown, Place>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Adds the place of `value`, an object of the resolved document. Its parts stand below that place. */
  add(value: object, place: Place): void {
    this.#places.set(value, place);
  }

  /** Returns the place that {@link Origins.add} was given for `value`. */
  placeOf(value: unknown): Place | undefined {
    return this.#places.get(value);
  }

  /** Returns the document that holds an object. For an object that was not added, that is the opened document. */
  documentOf(value: object): Document {
    return this.#places.get(value)?.document ?? this.#document;
  }

  /** Tells whether an object stands in another document than the one that was opened. */
  isForeign(value: object): boolean {
    return this.documentOf(value) !== this.#document;
  }

  /** Lists the files that parts come from, the opened one first, by absolute paths. */
  get files(): string[] {
    const documents = [this.#document, ...[...this.#places.values()].map(({ document }) => document)];
    return [...new Set(documents.flatMap(({ file }) => file ?? []))];
  }

  /** Adds all places of another document's origins. */
  addAll(origins: Origins): void {
    for (const [value, place] of origins.#places) this.#places.set(value, place);
  }

  /** Returns the place of the value at a pointer of the resolved document. */
  find(resolved: unknown, pointer: string): Origin {
    let value = resolved;
    let place: Place = this.#places.get(value) ?? { document: this.#document, pointer: "" };
    let written = place.pointer;
    for (const segment of pointerSegments(pointer)) {
      const names = this.#places.get(value)?.names ?? {};
      const name = Object.hasOwn(names, segment) ? names[segment] : segment;
      value = memberOf(value, segment);
      const own = this.#places.get(value);
      if (own !== undefined) place = own;
      written = own?.pointer ?? `${written}/${pointerSegment(name ?? segment)}`;
    }
    return { document: place.document, pointer: written };
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
