import type { Pair, Scalar } from "yaml";
import type { SourceLocation } from "../error/source-location.ts";
import type { Document } from "./document.ts";

/** Finds places in a document's text. */
export interface SourcePositions {
  /**
   * The place of the value at a JSON pointer (RFC 6901); where the document has no such value, the place of the nearest
   * enclosing one. With `key`, the place of the member's name instead. `undefined` for a document without a file.
   */
  find(pointer: string, key?: boolean): SourceLocation | undefined;
}

/**
 * Parses the text again, now with positions. That costs about ten times the first parse, so it happens only when
 * something is to be shown.
 */
export async function sourcePositions(document: Document): Promise<SourcePositions> {
  const { file, text } = document;
  if (file === undefined || text === undefined) return { find: () => undefined };
  const { LineCounter, isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter, logLevel: "silent" });

  return {
    find(pointer, key = false) {
      let node: unknown = contents;
      let offset = rangeStart(node) ?? 0;
      for (const segment of pointerSegments(pointer)) {
        const pair: Pair | undefined = isMap(node)
          ? node.items.find(
              item => isScalar(item.key) && String((item.key as Scalar).value ?? "") === segment,
            )
          : undefined;
        const child: unknown = isSeq(node) ? node.items[Number(segment)] : pair?.value;
        if (pair === undefined && child === undefined) break;
        const keyOffset = rangeStart(pair?.key);
        offset = (key ? keyOffset : undefined) ?? rangeStart(child) ?? keyOffset ?? offset;
        node = child;
      }
      const { line, col } = lineCounter.linePos(offset);
      return {
        file,
        line: Math.max(line, 1),
        column: Math.max(col, 1),
        pointer,
        text: lineText(text, line),
      };
    },
  };
}

/** The decoded segments of a JSON pointer (RFC 6901). */
export function pointerSegments(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map(segment => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The text of a line, counted from 1, without its line break. */
export function lineText(text: string, line: number): string {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return "";
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
}
