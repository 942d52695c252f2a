import { pointerSegment } from "../../../base/json-pointer.ts";
import { isUnquotedReference, QUOTE_BRACES } from "../../document/unquoted-braces.ts";
import type { ReportFinding, Rule } from "../rule.ts";

/** Finds references in the data of bodies that lack their quotes. The schema finds them where a text has to be. */
export const unquotedBraces: Rule = {
  name: "unquoted-braces",
  kinds: ["error"],
  explanation: "A reference in double braces is not quoted, and YAML reads its braces as a map: that would be sent.",
  fix: "Put the reference in quotes.",
  operation({ operation: { body }, pointer }, report) {
    if (typeof body === "object") visit(body.data, `${pointer}/body/data`, report);
  },
};

function visit(value: unknown, pointer: string, report: ReportFinding): void {
  if (typeof value !== "object" || value === null) return;
  if (isUnquotedReference(value)) {
    report("error", pointer, `Expected a value, found a map: ${QUOTE_BRACES}`);
    return;
  }
  for (const [name, member] of Object.entries(value)) visit(member, `${pointer}/${pointerSegment(name)}`, report);
}
