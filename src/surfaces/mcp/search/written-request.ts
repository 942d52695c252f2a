import type { CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";

/** A request as an agent writes it. */
interface WrittenRequest {
  /** `undefined`: any. */
  readonly method: string | undefined;
  /** In lower case. */
  readonly segments: readonly string[];
}

const METHOD = /^(?:get|post|put|patch|delete|head|options)$/i;
const LONGEST_TEXT = 2_000;

/** Reads `METHOD /path`, or a path alone, in marks and with a query. */
export function readRequest(text: string): WrittenRequest | undefined {
  const words = text.slice(0, LONGEST_TEXT).trim().split(/\s+/);
  const last = words.pop() ?? "";
  const start = last.indexOf("/");
  if (start === -1 || /\w/.test(last.slice(0, start)) || words.length > 1) return undefined;
  const method = words[0]?.replace(/\W/g, "");
  if (method !== undefined && !METHOD.test(method)) return undefined;
  const [path = ""] = last.slice(start).split(/[?`'"]/);
  return { method: method?.toUpperCase(), segments: segmentsOf(path) };
}

/** Tells whether a text is the request of an operation, in any case of letters. */
export function isRequest(text: string, { method, path }: CatalogueOperation): boolean {
  return text.trimEnd().toLowerCase().replace(/^\W+/, "") === `${method} ${path}`.toLowerCase();
}

/** Returns the operations whose paths have a request, with any value for a placeholder: those with the fewest of these. */
export function closestRequests(request: WrittenRequest, hits: readonly SearchHit[]): SearchHit[] {
  const equal = hits.map(({ operation }) => equalSegments(request, operation));
  const most = Math.max(0, ...equal);
  return most === 0 ? [] : hits.filter((_, place) => equal[place] === most);
}

/** Counts the segments of a path that are as requested; 0 if another one differs. */
function equalSegments({ method, segments }: WrittenRequest, operation: CatalogueOperation): number {
  const own = segmentsOf(operation.path);
  const isMethod = method === undefined || operation.method === method;
  if (!isMethod || own.length !== segments.length) return 0;
  const isEqual = own.map((segment, place) => segment === segments[place]);
  return own.every((segment, place) => isEqual[place] || segment.includes("{")) ? isEqual.filter(Boolean).length : 0;
}

function segmentsOf(path: string): string[] {
  return path.toLowerCase().split("/").filter(Boolean);
}
