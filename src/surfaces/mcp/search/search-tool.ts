import { orAborted } from "../../../base/or-aborted.ts";
import type { Tool } from "../../../tools/tool.ts";
import { type FoundOperation, listFound } from "./list-found.ts";
import type { ManyOperations } from "./many-operations.ts";
import { idOf, type NamedCatalogue } from "./named-catalogue.ts";
import { declareArguments, readOwnArguments } from "./own-arguments.ts";
import { faultAnswer, textAnswer } from "./text-answer.ts";
import type { ToolParts } from "./tool-parts.ts";

const NAME = "search_operations";
const USUAL_LIMIT = 10;
const HIGHEST_LIMIT = 50;
/** Operations that are looked at where the policy refuses many. */
const MOST_LOOKED_AT = 2_000;

const ARGUMENTS = declareArguments({
  query: { type: "string", required: true },
  limit: { type: "integer", required: false },
});

/** Makes the tool that finds operations. */
export function searchTool({ catalogue, many }: ToolParts): Tool {
  return {
    name: NAME,
    title: "Search operations",
    description:
      'Finds API operations by what they do ("list customers in stripe"), by name or METHOD /path, the best first. ' +
      "Start here; then describe_operation, and read_operation or run_operation.",
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string" },
        limit: { type: "integer", minimum: 1, maximum: HIGHEST_LIMIT, default: USUAL_LIMIT },
      },
      required: ["query"],
      additionalProperties: false,
    },
    outputSchema: undefined,
    annotations: { readOnlyHint: true, openWorldHint: false },
    async call(given, { signal }) {
      const read = await readOwnArguments(NAME, ARGUMENTS, given);
      if ("answer" in read) return read.answer;
      const { query, limit = USUAL_LIMIT } = read.values as { readonly query: string; readonly limit?: number };
      if (query.trim() === "") return faultAnswer('"query" is empty: say in a few words what is to be done');
      if (limit < 1) return faultAnswer(`"limit" is a number from 1 to ${HIGHEST_LIMIT}, found ${limit}`);
      const searching = catalogue.use(named => listFound(found(named, query, Math.min(limit, HIGHEST_LIMIT), many)));
      return textAnswer(await orAborted(searching, signal, () => signal.reason));
    },
  };
}

/** Finds operations: one that the question names first, then the best. Refused ones have to be named. */
function found(catalogue: NamedCatalogue, query: string, limit: number, many: ManyOperations): FoundOperation[] {
  const exact = catalogue.findExact(query);
  const named = [...catalogue.findInCapability(query), ...(exact.length > 0 ? [] : catalogue.findOdd(query))];
  const ids = new Set([...named, ...exact].map(idOf));
  const isOffered = (hit: FoundOperation) => hit.refusal === undefined || ids.has(idOf(hit));
  const seen = new Set<string>();
  for (let count = limit; ; count *= 5) {
    const hits = catalogue.search(query, count);
    const all = [...named, ...hits].map(hit => ({ ...hit, refusal: many.refusalOf(hit.file, hit.operation) }));
    seen.clear();
    const offered = all.filter(hit => isOffered(hit) && !seen.has(idOf(hit)) && seen.add(idOf(hit)));
    if (offered.length >= limit || hits.length < count || count >= MOST_LOOKED_AT) return offered.slice(0, limit);
  }
}
