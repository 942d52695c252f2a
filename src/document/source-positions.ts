import type { SourceLocation } from "../error/source-location.ts";
import type { Document } from "./document.ts";
import { pointerSegments } from "./json-pointer.ts";
import { LineIndex } from "./line-index.ts";
import { type MemberOffsets, parseBlockYaml } from "./parse-block-yaml.ts";

/** Finds places in a document's text. */
export interface SourcePositions {
  /**
   * The place of the value at a JSON pointer (RFC 6901); where the document has no such value, the place of the nearest
   * enclosing one. `undefined` for a document without a file.
   */
  find(pointer: string): SourceLocation | undefined;
  /** The same for the key of the member at a JSON pointer. */
  findKey(pointer: string): SourceLocation | undefined;
}

/** The offset of the value that `segments` lead to, or of its key; of the nearest one that encloses it where it is not there. */
type FindOffset = (segments: readonly string[], part: "key" | "value") => number;

/** Parses the text again, now with positions: only when something is to be shown. */
export async function sourcePositions({ file, text }: Document): Promise<SourcePositions> {
  if (file === undefined || text === undefined) return { find: () => undefined, findKey: () => undefined };
  const lines = new LineIndex(file, text);
  const findOffset = offsetsOfBlocks(text) ?? (await offsetsOfNodes(text));
  const locate = (pointer: string, part: "key" | "value") => ({
    ...lines.location(findOffset(pointerSegments(pointer), part)),
    pointer,
  });
  return { find: pointer => locate(pointer, "value"), findKey: pointer => locate(pointer, "key") };
}

function offsetsOfBlocks(text: string): FindOffset | undefined {
  const offsets: MemberOffsets = new Map();
  const result = parseBlockYaml(text, offsets);
  if (!result.ok) return undefined;
  return (segments, part) => {
    let value: unknown = result.value;
    let offset = 0;
    for (const [depth, segment] of segments.entries()) {
      const place = offsets.get(value as object)?.get(segment);
      if (place === undefined) break;
      offset = depth === segments.length - 1 ? place[part] : place.value;
      value = (value as Record<string, unknown>)[segment];
    }
    return offset;
  };
}

async function offsetsOfNodes(text: string): Promise<FindOffset> {
  const { isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  const { contents } = parseDocument(text, { logLevel: "silent" });
  return (segments, part) => {
    let node: unknown = contents;
    let offset = rangeStart(node) ?? 0;
    for (const [depth, segment] of segments.entries()) {
      const wantsKey = part === "key" && depth === segments.length - 1;
      const pair = isMap(node)
        ? node.items.find(({ key }) => isScalar(key) && String(key.value ?? "") === segment)
        : undefined;
      const child: unknown = isSeq(node) ? node.items[Number(segment)] : pair?.value;
      if (pair === undefined && child === undefined) break;
      // A collection on lines of its own is shown by its name.
      offset =
        (isScalar(child) && !wantsKey ? rangeStart(child) : undefined) ??
        rangeStart(pair?.key) ??
        rangeStart(child) ??
        offset;
      node = child;
    }
    return offset;
  };
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
}
