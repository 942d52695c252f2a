/** Returns the decoded segments of a JSON pointer (RFC 6901). */
export function pointerSegments(pointer: string): string[] {
  if (pointer === "") return [];
  const segments = pointer.slice(1).split("/");
  // Few names have a sign that is escaped, and findings have many pointers.
  if (!pointer.includes("~")) return segments;
  return segments.map(segment => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Returns a member name as a segment of a JSON pointer (RFC 6901, 3). */
export function pointerSegment(name: string): string {
  if (!name.includes("~") && !name.includes("/")) return name;
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
