import { objectOf } from "../../../base/json-object.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import { type Pagination, type SchemeName, schemeNames } from "../../overlays/pagination.ts";
import type { Setting } from "../../overlays/resolved-overlay.ts";
import type { Operation } from "../types.ts";
import { noInput, type OverlayFindings } from "./findings.ts";

/** Finds the mistakes in an operation's pagination. The schema has checked the form of its members. */
export function checkPagination(
  { value, origin }: Setting<Pagination>,
  operation: Operation,
  findings: OverlayFindings,
): void {
  const settings: Partial<Record<SchemeName | "items", unknown>> = value;
  const given = schemeNames.filter(name => settings[name] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none of them" : given.join(" and ");
    findings.malformed(origin, `${origin.setting}: Expected one of ${schemeNames.join(", ")}, found ${found}`);
  }
  const members = schemeNames.flatMap(name => Object.entries(objectOf(settings[name])));
  const paths = [
    settings.items,
    settings.nextUrl,
    ...members.flatMap(([name, text]) => (PATHS.has(name) ? [text] : [])),
  ];
  for (const path of paths) {
    const parsed = typeof path === "string" ? parseWrittenPath(path) : undefined;
    if (parsed?.ok !== false) continue;
    findings.malformed(origin, `${origin.setting}: Malformed JSONPath ${JSON.stringify(path)}: ${parsed.reason}`);
  }
  const { inputs } = operation;
  for (const [name, input] of members) {
    if (name !== "input" || typeof input !== "string") continue;
    const isKnown = inputs.has(input) || (input.startsWith("body.") && inputs.has("body"));
    if (!isKnown) findings.misfit(origin, noInput(operation, input));
  }
}

const PATHS: ReadonlySet<string> = new Set(["from", "more", "total", "pages"]);
