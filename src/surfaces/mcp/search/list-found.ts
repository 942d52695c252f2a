import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";
import { agentLine } from "../../../tools/agent-text.ts";
import { tokenCost } from "../../../tools/answer/token-cost.ts";
import { idOf } from "./named-catalogue.ts";

/** Operation that is found, and why it may not be called. */
export interface FoundOperation extends SearchHit {
  readonly refusal: string | undefined;
}

/** Most tokens of an answer. It costs a few more where it is sent as a text in JSON. */
const MOST_TOKENS = 720;

/** How long texts may be, the fullest first: shorter ones make room for more operations. */
const LENGTHS = [
  { description: 160, path: 200 },
  { description: 80, path: 120 },
  { description: 40, path: 100 },
  { description: 0, path: 80 },
];

/** Writes the operations that are found: all of them in short rather than a few at length. */
export function listFound(found: readonly FoundOperation[]): string {
  if (found.length === 0)
    return JSON.stringify({ operations: [], note: "No operation matches: try other words, or fewer" });
  for (const lengths of LENGTHS) {
    const text = JSON.stringify({ operations: found.map(hit => rowOf(hit, lengths)) });
    if (isShort(text)) return text;
  }
  const rows: object[] = [];
  let text = listOf(rows, found.length);
  for (const hit of found) {
    const row = rowOf(hit, { description: 0, path: 80 });
    const longer = listOf([...rows, row], found.length);
    // One with a name that is too long is left out, and not those behind it.
    if (!isShort(longer)) continue;
    rows.push(row);
    text = longer;
  }
  return text;
}

function listOf(rows: readonly object[], found: number): string {
  return JSON.stringify({
    operations: rows,
    note: `${rows.length} of ${found} that were found, without descriptions: ask for fewer to see more of each`,
  });
}

function isShort(text: string): boolean {
  return tokenCost(text, MOST_TOKENS) <= MOST_TOKENS;
}

function rowOf(hit: FoundOperation, lengths: (typeof LENGTHS)[number]): object {
  const { file, operation, refusal } = hit;
  const { reference, method, path, description = "", label = "" } = operation;
  return {
    id: idOf(hit),
    capability: file.name,
    operation: agentLine(reference, lengths.path),
    method,
    path: agentLine(path, lengths.path),
    description: lengths.description === 0 ? "" : agentLine(plainText(description || label), lengths.description),
    ...(refusal === undefined ? {} : { refused: agentLine(refusal, 120) }),
  };
}

/** Returns a text without the tags of HTML, which published descriptions have. */
export function plainText(text: string): string {
  return text.replace(/<\/?[a-z][^<>]{0,200}>/gi, " ");
}
