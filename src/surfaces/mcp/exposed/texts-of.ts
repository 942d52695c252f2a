import { agentText } from "../../../tools/agent-text.ts";

/** Longest title, in characters. */
const LONGEST_TITLE = 200;

/** Returns the title and the description of an element of a file, as agents read them. */
export function textsOf(
  { label, description }: { readonly label?: string | undefined; readonly description?: string | undefined },
  longestDescription: number,
): { readonly title: string | undefined; readonly description: string | undefined } {
  return {
    title: label === undefined ? undefined : agentText(label, LONGEST_TITLE),
    description: description ? agentText(description, longestDescription) : undefined,
  };
}
