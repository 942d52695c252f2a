import { pointerSegments } from "../document/json-pointer.ts";

/** The last two readable parts of a pointer: `operations[2].method`. */
export function memberName(pointer: string): string {
  const parts = pointerSegments(pointer).map(segment =>
    /^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`,
  );
  const start = Math.max(0, parts.length - 3);
  const named = parts.slice(start).findIndex(part => part.startsWith("."));
  return named < 0
    ? ""
    : parts
        .slice(start + named)
        .join("")
        .slice(1);
}
