import type { Pair, Scalar, YAMLMap } from "yaml";
import { getOrSet } from "../../base/get-or-set.ts";
import { pointerSegments } from "../../base/json-pointer.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { Document } from "./document.ts";
import { LineIndex } from "./line-index.ts";
import { rangeOf } from "./node-range.ts";
import { type MemberOffsets, parseBlockYaml } from "./parse-block-yaml.ts";

/** Finder of places in the text of a document. */
export interface SourcePositions {
  /**
   * Returns the place of the value at a JSON pointer (RFC 6901), or of the nearest enclosing value if the document has
   * no such value. `undefined` for a document without a file.
   *
   * @param part for a member of a map, whether to find its value or its key
   */
  find(pointer: string, part?: MemberPart): SourceLocation | undefined;
}

/** Part of a member of a map that a finding is about. */
export type MemberPart = "key" | "value";

/** Returns the offset of the value (or its key) at `segments`, or of the nearest enclosing value. */
type FindOffset = (segments: readonly string[], part: MemberPart) => number;

/** Parses the text again, with positions. Needed only to show a place. */
export async function sourcePositions({ file, text }: Document): Promise<SourcePositions> {
  if (file === undefined || text === undefined) return { find: () => undefined };
  const lines = new LineIndex(text);
  const findOffset = offsetsOfBlocks(text) ?? (await offsetsOfNodes(text));
  return {
    find: (pointer, part = "value") => ({
      ...lines.location(file, findOffset(pointerSegments(pointer), part)),
      pointer,
    }),
  };
}

function offsetsOfBlocks(text: string): FindOffset | undefined {
  const offsets: MemberOffsets = new Map();
  const result = parseBlockYaml(text, { offsets });
  if (!result.ok) return undefined;
  return (segments, part) => {
    let value: unknown = result.value;
    let offset = 0;
    for (const [depth, segment] of segments.entries()) {
      const place = offsets.get(value as object)?.get(segment);
      if (place === undefined) break;
      offset = place[depth === segments.length - 1 ? part : "value"];
      value = (value as Record<string, unknown>)[segment];
    }
    return offset;
  };
}

async function offsetsOfNodes(text: string): Promise<FindOffset> {
  const { isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  // Indexed by name: a map may have as many members as there are places to find in it.
  const indexes = new Map<YAMLMap, Map<string, Pair>>();
  const membersOf = (map: YAMLMap): Map<string, Pair> =>
    getOrSet(indexes, map, () => {
      const named = map.items.filter(({ key }) => isScalar(key));
      return new Map(named.map(pair => [String((pair.key as Scalar).value ?? ""), pair]));
    });
  // That keys are unique has been checked, which takes the square of their number.
  const { contents } = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  return (segments, part) => {
    let node: unknown = contents;
    let offset = rangeOf(node)?.[0] ?? 0;
    for (const [depth, segment] of segments.entries()) {
      const wantsKey = part === "key" && depth === segments.length - 1;
      const members = isMap(node) ? membersOf(node) : undefined;
      const pair = members?.get(segment);
      const merge = pair === undefined ? members?.get("<<") : undefined;
      if (merge !== undefined) return rangeOf(merge.key)?.[0] ?? offset;
      const child: unknown = isSeq(node) ? node.items[Number(segment)] : pair?.value;
      if (pair === undefined && child === undefined) break;
      // A collection on lines of its own is shown by its name.
      offset =
        (isScalar(child) && !wantsKey ? rangeOf(child)?.[0] : undefined) ??
        rangeOf(pair?.key)?.[0] ??
        rangeOf(child)?.[0] ??
        offset;
      node = child;
    }
    return offset;
  };
}
