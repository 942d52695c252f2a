/** Returns the decoded segments of a JSON pointer (RFC 6901). */
export function pointerSegments(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map(segment => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Returns a member name as a segment of a JSON pointer (RFC 6901, 3). */
export function pointerSegment(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
