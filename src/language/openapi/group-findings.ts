import { getOrSet } from "../../base/get-or-set.ts";
import { pointerSegments } from "../../base/json-pointer.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import { lineAt } from "../document/line-index.ts";
import { sourcePositions } from "../document/source-positions.ts";
import type { DescriptionFinding } from "./description.ts";
import type { DescriptionFile } from "./description-file.ts";
import { jsonPlaces } from "./json-places.ts";

/** Findings of one message. */
export interface FindingGroup {
  readonly message: string;
  /** Number of places. */
  readonly count: number;
  /** Path or URL, and JSON pointer, of the first place. */
  readonly location: string;
  readonly pointer: string;
  /** The first place, with its line, if it was looked for and the text is not too long and unusual. */
  readonly source: SourceLocation | undefined;
}

/**
 * Groups findings by message, and finds the first place of each group in its file.
 *
 * @param located groups whose places are found, which takes the time of reading the file again
 */
export async function groupFindings(findings: readonly DescriptionFinding[], located: number): Promise<FindingGroup[]> {
  const groups = new Map<string, DescriptionFinding[]>();
  for (const finding of findings) getOrSet(groups, finding.message, () => []).push(finding);
  const byFile = new Map<DescriptionFile, Set<string>>();
  for (const [first] of [...groups.values()].slice(0, located))
    if (first !== undefined) getOrSet(byFile, first.node.file, () => new Set<string>()).add(first.node.pointer);
  const places = new Map<DescriptionFile, ReadonlyMap<string, SourceLocation>>();
  for (const [file, pointers] of byFile) places.set(file, await locate(file, [...pointers]));
  return [...groups].flatMap(([message, found]) => {
    const [first] = found;
    if (first === undefined) return [];
    const { file, pointer } = first.node;
    return [{ message, count: found.length, location: file.location, pointer, source: places.get(file)?.get(pointer) }];
  });
}

/** Longest text, in characters, that is parsed again with the places of everything. */
const LONGEST_PARSED = 2 * 1024 * 1024;

async function locate(file: DescriptionFile, pointers: readonly string[]): Promise<Map<string, SourceLocation>> {
  const { location, text, value } = file;
  if (/^\s*[{[]/.test(text)) {
    const places = jsonPlaces(text, pointers.map(pointerSegments));
    // One line may hold a whole file, and all findings.
    const lines = new Map<number, string>();
    return new Map(
      places.map(({ offset, line, lineStart }, index) => {
        const pointer = pointers[index] ?? "";
        const found = { file: location, line: line + 1, column: offset - lineStart + 1 };
        return [pointer, { ...found, text: getOrSet(lines, lineStart, () => lineAt(text, lineStart)), pointer }];
      }),
    );
  }
  if (text.length > LONGEST_PARSED) return new Map();
  const positions = await sourcePositions({ name: location, file: location, text, value });
  return new Map(
    pointers.flatMap(pointer => {
      const source = positions.find(pointer);
      return source === undefined ? [] : [[pointer, source] as const];
    }),
  );
}
