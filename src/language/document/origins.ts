import { pointerSegment, pointerSegments } from "../../base/json-pointer.ts";
import type { Document } from "./document.ts";

/** Where a value stands as it was written. */
export interface Origin {
  readonly document: Document;
  /** JSON pointer in that document (RFC 6901). */
  readonly pointer: string;
}

/** An origin, and the names that members of the value have there where they are others. */
interface Place extends Origin {
  readonly names?: Readonly<Record<string, string>>;
}

/**
 * Where the parts of a resolved document stand: in which file, and under which names. Only what does not stand at its own
 * pointer in the document that was opened is kept.
 */
export class Origins {
  readonly #document: Document;
  readonly #places = new Map<unknown, Place>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Says where `value`, an object of the resolved document, stands; what is below it stands below that. */
  add(value: object, place: Place): void {
    this.#places.set(value, place);
  }

  /** What {@link Origins.add} has said of `value`. */
  placeOf(value: unknown): Place | undefined {
    return this.#places.get(value);
  }

  /** The document in which an object that {@link Origins.add} knows stands; for others, the one that was opened. */
  documentOf(value: object): Document {
    return this.#places.get(value)?.document ?? this.#document;
  }

  /** Tells whether an object stands in another document than the one that was opened. */
  isForeign(value: object): boolean {
    return this.documentOf(value) !== this.#document;
  }

  /** Takes over what another document's origins say. */
  addAll(origins: Origins): void {
    for (const [value, place] of origins.#places) this.#places.set(value, place);
  }

  /** Where the value at a pointer of the resolved document stands. */
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
