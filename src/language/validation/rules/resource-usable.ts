import type { ExposesMcp, McpResource } from "../../document/document-types.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds resources of MCP servers that cannot be listed or read (language chapter 7.3). */
export const resourceUsable: ExposedRule = {
  name: "resource-usable",
  kinds: ["error", "warning"],
  explanation: "A resource of an MCP server has a URI that cannot be read, or says two ways to have its content.",
  fix: "Write a URI such as data://orders/{id}, of its own, and either a location or a call.",
  check({ adapters }, report) {
    for (const { declaration, pointer } of adapters)
      if (declaration.type === "mcp") checkResources(declaration, `${pointer}/resources`, report);
  },
};

function checkResources({ resources = [] }: ExposesMcp, pointer: string, report: ReportFinding): void {
  const seen = new Map<string, string>();
  for (const [index, resource] of resources.entries()) {
    const place = `${pointer}/${index}`;
    const title = `Resource "${resource.name}"`;
    checkContent(resource, title, place, report);
    const shape = checkUri(resource, title, `${place}/uri`, report);
    if (shape === undefined) continue;
    const other = seen.get(shape);
    if (other === undefined) seen.set(shape, title);
    else report("warning", `${place}/uri`, `${title} is never read: ${other} has the URI too`);
  }
}

function checkContent(
  { location, call, steps }: McpResource,
  title: string,
  place: string,
  report: ReportFinding,
): void {
  if (location === undefined) return;
  const other = call !== undefined ? "call" : steps !== undefined ? "steps" : undefined;
  if (other !== undefined) report("error", `${place}/${other}`, `${title} has "location" and "${other}": keep one`);
  if (!/^file:/i.test(location))
    report(
      "error",
      `${place}/location`,
      `${title} has the location "${location}", which is no folder: write file:///…`,
    );
}

/** Operators of URI templates, which would match more than one segment (RFC 6570, 2.2). */
const OPERATOR = /^[+#./;?&=,!@|]|[*:]\d*$/;

/** Checks a URI, and returns it without the names of its placeholders. `undefined` if it cannot be read. */
function checkUri(
  { uri, location }: McpResource,
  title: string,
  place: string,
  report: ReportFinding,
): string | undefined {
  const wrong = (problem: string) => report("error", place, `${title} has the URI "${uri}": ${problem}`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri))
    report("warning", place, `${title} has the URI "${uri}", which has no scheme: clients may refuse it`);
  if (location !== undefined) {
    if (!/[{}]/.test(uri)) return uri;
    wrong("one with a location has no placeholders");
    return undefined;
  }
  const parsed = parseTemplate(uri, "path");
  if (!parsed.ok) {
    wrong(parsed.reason);
    return undefined;
  }
  const names = new Set<string>();
  let shape = "";
  let isAfterPlaceholder = false;
  for (const part of parsed.parts) {
    if (typeof part === "string") {
      if (/[{}]/.test(part)) {
        wrong("a brace has no counterpart");
        return undefined;
      }
      shape += part;
    } else {
      if (OPERATOR.test(part.name)) wrong(`"{${part.name}}" is no plain name, and only these are known`);
      else if (names.has(part.name)) wrong(`"{${part.name}}" is there twice`);
      else if (isAfterPlaceholder) wrong(`nothing stands before "{${part.name}}" that tells where it begins`);
      names.add(part.name);
      shape += "{}";
    }
    isAfterPlaceholder = typeof part === "object";
  }
  return shape;
}
