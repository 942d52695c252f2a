import { percentDecode } from "../../../base/percent-decoding.ts";
import type { McpResource } from "../../../language/model/exposed/types.ts";

type Segments = McpResource["segments"];

/**
 * Matches a URI with the text of a resource, and returns the values of the placeholders, percent-decoded once. Each is a part
 * of one segment, and not empty. `undefined`: it is another resource's.
 */
export function matchUri(segments: Segments, uri: string): Readonly<Record<string, string>> | undefined {
  const values: [name: string, value: string][] = [];
  let rest = uri;
  // From the end: of several ways to match, the one in which the first placeholder takes the most.
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    if (typeof segment === "string") {
      if (!rest.endsWith(segment)) return undefined;
      rest = rest.slice(0, rest.length - segment.length);
      continue;
    }
    const start = startOf(segments[at - 1], rest);
    const value = start === undefined ? "" : rest.slice(start);
    if (start === undefined || value === "" || value.includes("/")) return undefined;
    values.push([segment.placeholder, percentDecode(value)]);
    rest = rest.slice(0, start);
  }
  return rest === "" ? Object.fromEntries(values) : undefined;
}

/** Returns where the value behind a literal text begins, which is the last thing in `text`. */
function startOf(before: Segments[number] | undefined, text: string): number | undefined {
  if (before === undefined) return 0;
  if (typeof before !== "string") return undefined;
  const at = text.lastIndexOf(before, text.length - before.length - 1);
  return at < 0 ? undefined : at + before.length;
}
