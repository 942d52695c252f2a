import type { BodyDeclaration } from "../../document/document-types.ts";
import { parseTemplate, type TemplatePiece, type TemplateSyntax } from "../../expression/template.ts";
import type { ReportFinding, Rule } from "../rule.ts";

/** Finds tags other than variables, which no part of the language knows (language chapter 4.5). */
export const templateSyntax: Rule = {
  name: "template-syntax",
  kinds: ["error", "warning"],
  explanation: "A template has a tag that is not a variable, or a brace that is not closed.",
  fix: "Write variables as a name in double braces, and nothing else between them.",
  adapter({ baseUri, authentication }, pointer, report) {
    if (baseUri !== undefined) check(baseUri, "path", `${pointer}/baseUri`, report);
    visit(authentication, `${pointer}/authentication`, report);
  },
  resource({ path }, pointer, report) {
    check(path, "path", `${pointer}/path`, report);
  },
  operation({ operation, pointer }, report) {
    if (operation.path !== undefined) check(operation.path, "path", `${pointer}/path`, report);
    if (operation.body !== undefined) checkBody(operation.body, `${pointer}/body`, report);
  },
  parameter({ value, template }, pointer, report) {
    const text = value ?? template;
    if (typeof text === "string")
      check(text, "double", `${pointer}/${value === undefined ? "template" : "value"}`, report);
  },
};

function checkBody(body: BodyDeclaration, pointer: string, report: ReportFinding): void {
  if (typeof body === "string") check(body, "double", pointer, report);
  else visit(body.data, `${pointer}/data`, report);
}

function visit(data: unknown, pointer: string, report: ReportFinding): void {
  if (typeof data === "string") check(data, "double", pointer, report);
  else if (typeof data === "object" && data !== null) {
    for (const [name, member] of Object.entries(data)) visit(member, `${pointer}/${name}`, report);
  }
}

function check(text: string, syntax: TemplateSyntax, pointer: string, report: ReportFinding): void {
  if (!text.includes("{")) return;
  const result = parseTemplate(text, syntax);
  if (!result.ok) report("error", pointer, `Cannot read the template: ${result.reason}`);
  else if (syntax === "path") checkBraces(result.parts, pointer, report);
}

/** Finds braces without a counterpart in a path or base URI: they are sent beside the value. */
function checkBraces(parts: readonly TemplatePiece[], pointer: string, report: ReportFinding): void {
  const brace = parts.map(part => (typeof part === "string" ? /[{}]/.exec(part)?.[0] : undefined)).find(Boolean);
  if (brace === undefined) return;
  report("warning", pointer, `A "${brace}" without its counterpart is sent as it stands: write {name} or {{name}}`);
}
