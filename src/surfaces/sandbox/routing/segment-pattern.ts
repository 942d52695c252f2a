import { percentDecode } from "../../../base/percent-decoding.ts";
import type { Parameter } from "../../../language/model/types.ts";

/** One segment of a declared path: decoded literal text, and parameters between. */
export type SegmentPattern = readonly (string | Parameter)[];

/**
 * Cuts the parts of a declared path at its slashes, as the client writes it. Several slashes at the beginning are one, a
 * slash at the end does not count, a constant parameter is literal text.
 */
export function splitSegments(parts: readonly (string | Parameter)[]): SegmentPattern[] {
  const segments = splitParts(parts, "/").map(decodePattern);
  while (segments[0]?.length === 0) segments.shift();
  if (segments.at(-1)?.length === 0) segments.pop();
  return segments;
}

/** Cuts parts at each separator in their literal text. */
export function splitParts(parts: readonly (string | Parameter)[], separator: string): (string | Parameter)[][] {
  let current: (string | Parameter)[] = [];
  const pieces = [current];
  for (const part of parts) {
    if (typeof part !== "string") {
      current.push(part);
      continue;
    }
    for (const [index, text] of part.split(separator).entries()) {
      if (index > 0) {
        current = [];
        pieces.push(current);
      }
      current.push(text);
    }
  }
  return pieces;
}

/** Decodes literal text, replaces constants by their text, and joins adjacent texts. */
export function decodePattern(parts: readonly (string | Parameter)[]): SegmentPattern {
  const pattern: (string | Parameter)[] = [];
  for (const part of parts) {
    if (typeof part !== "string" && part.source.kind !== "constant") {
      pattern.push(part);
      continue;
    }
    const text = typeof part === "string" ? percentDecode(part) : constantText(part);
    const last = pattern.at(-1);
    if (typeof last === "string") pattern[pattern.length - 1] = last + text;
    else if (text !== "") pattern.push(text);
  }
  return pattern;
}

/** Returns whether a segment has no parameter. */
export function isLiteral(pattern: SegmentPattern): boolean {
  return pattern.every(part => typeof part === "string");
}

/**
 * Matches a decoded segment.
 *
 * @returns the values of the pattern's parameters in order, none of them empty
 */
export function matchSegment(pattern: SegmentPattern, text: string): string[] | undefined {
  const values: string[] = [];
  let position = 0;
  for (const [index, part] of pattern.entries()) {
    if (typeof part === "string") {
      if (!text.startsWith(part, position)) return undefined;
      position += part.length;
      continue;
    }
    const end = valueEnd(pattern, index, text, position);
    if (end <= position) return undefined;
    values.push(text.slice(position, end));
    position = end;
  }
  return position === text.length ? values : undefined;
}

/** Returns the end of a value: where the next literal begins. One search for each literal keeps hostile URLs cheap. */
function valueEnd(pattern: SegmentPattern, index: number, text: string, position: number): number {
  const next = pattern[index + 1];
  if (next === undefined) return text.length;
  if (typeof next !== "string") return position + 1;
  return index + 2 === pattern.length ? text.length - next.length : text.indexOf(next, position + 1);
}

function constantText({ source }: Parameter): string {
  return source.kind === "constant" ? String(source.value) : "";
}
