import { didYouMean } from "../../../base/did-you-mean.ts";
import { orAborted } from "../../../base/or-aborted.ts";
import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";
import { agentLine } from "../../../tools/agent-text.ts";
import type { ToolAnswer } from "../../../tools/tool.ts";
import { idOf, type NamedCatalogue } from "./named-catalogue.ts";
import { faultAnswer } from "./text-answer.ts";
import type { ToolParts } from "./tool-parts.ts";

/** Most operations that an answer names. */
const MOST_NAMED = 10;
const LONGEST_ID = 200;

/** Finds the operation that an agent names, or makes the answer that tells which there are. */
export function findOne(
  id: string,
  { catalogue }: ToolParts,
  signal: AbortSignal,
): Promise<SearchHit | { readonly answer: ToolAnswer }> {
  const finding = catalogue.use(named => oneOf(named, id));
  return orAborted(finding, signal, () => signal.reason);
}

function oneOf(catalogue: NamedCatalogue, id: string): SearchHit | { readonly answer: ToolAnswer } {
  const found = catalogue.find(id);
  const [first] = found;
  if (first !== undefined && found.every(other => isSame(first, other))) return first;
  const written = JSON.stringify(agentLine(id, LONGEST_ID));
  if (first !== undefined) {
    const ids = found.slice(0, MOST_NAMED).map(idOf);
    const more = found.length > ids.length ? `, and ${found.length - ids.length} more` : "";
    return { answer: faultAnswer(`Nothing was sent: ${written} names several operations: ${ids.join(", ")}${more}`) };
  }
  const broken = catalogue.brokenFile(id);
  if (broken !== undefined) {
    const reason = agentLine(broken.problem?.message ?? "", 300);
    return { answer: faultAnswer(`Nothing was sent: the file of ${broken.name} cannot be opened: ${reason}`) };
  }
  const near = catalogue.nearest(id).map(idOf);
  const text = `Nothing was sent: there is no operation ${written}${didYouMean(near) || "."}`;
  return { answer: faultAnswer(`${text} search_operations finds operations.`) };
}

/** Tells whether two operations are one request to one API, which is published twice. */
function isSame(one: SearchHit, other: SearchHit): boolean {
  return requestOf(one) === requestOf(other);
}

function requestOf({ file, operation: { method, path, namespace } }: SearchHit): string {
  const { baseUri = "" } = file.adapters.find(adapter => adapter.namespace === namespace) ?? {};
  return JSON.stringify([method, path, baseUri || file.name]);
}
