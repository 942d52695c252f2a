import { isObject, member } from "./json-object.ts";
import { percentDecode } from "./percent-decoding.ts";

/** Returns the decoded segments of a JSON pointer (RFC 6901). */
export function pointerSegments(pointer: string): string[] {
  if (pointer === "") return [];
  const segments = pointer.slice(1).split("/");
  // Few names have a sign that is escaped, and findings have many pointers.
  if (!pointer.includes("~")) return segments;
  return segments.map(plainSegment);
}

/** Returns the member name that a segment of a JSON pointer stands for. */
export function plainSegment(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/**
 * Returns the segments of a reference by pointer within a document, such as `#/$defs/Name` (RFC 6901, 6). `undefined` for
 * any other reference.
 */
export function referenceSegments(reference: string): string[] | undefined {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  const fragment = reference.slice(1);
  return pointerSegments(fragment.includes("%") ? percentDecode(fragment) : fragment);
}

/** Returns the value that segments of a pointer lead to, `undefined` if there is none. */
export function pointedValue(root: unknown, segments: readonly string[]): unknown {
  let found = root;
  for (const segment of segments) {
    if (!isObject(found)) return undefined;
    found = member(found, segment);
  }
  return found;
}

/** Returns a member name as a segment of a JSON pointer (RFC 6901, 3). */
export function pointerSegment(name: string): string {
  if (!name.includes("~") && !name.includes("/")) return name;
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
