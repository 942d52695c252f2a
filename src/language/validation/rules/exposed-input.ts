import { patternProblem } from "../../../base/json-schema/compile-patterns.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { InputElement, UnitElement } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds inputs of units that cannot be read or checked (language chapter 7.2). */
export const exposedInput: ExposedRule = {
  name: "exposed-input",
  kinds: ["error", "warning"],
  explanation: "An input of a unit cannot be checked or found in a request, or does not fit its type.",
  fix: "Do what the message says.",
  check({ units }, report) {
    const seen = new Set<string>();
    for (const unit of units) {
      for (const input of unit.inputs) {
        // Inputs of a resource are those of each of its operations.
        if (seen.has(input.pointer)) continue;
        seen.add(input.pointer);
        checkInput(input, unit, report);
      }
      checkNames(unit, report);
    }
  },
};

function checkInput(
  { declaration, pointer }: InputElement,
  { title, route }: UnitElement,
  report: ReportFinding,
): void {
  const { name, in: location, pattern, value, type } = declaration;
  const owner = `${title}, input "${name}"`;
  if (typeof pattern === "string") {
    const problem = patternProblem(pattern);
    if (problem !== undefined) {
      const severity = isRegularExpression(pattern) ? "warning" : "error";
      report(severity, `${pointer}/pattern`, `${owner}: the pattern ${JSON.stringify(pattern)} ${problem}`);
    } else if (type !== undefined && type !== "string") {
      report("warning", `${pointer}/pattern`, `${owner}: a pattern is for texts, and the type is ${type}`);
    }
  }
  if (typeof value === "string" && location === "body" && value.startsWith("$")) {
    const parsed = parseWrittenPath(value);
    if (!parsed.ok)
      report(
        "error",
        `${pointer}/value`,
        `${owner} has the malformed JSONPath ${JSON.stringify(value)}: ${parsed.reason}`,
      );
  }
  if (location !== "path" || route === undefined) return;
  const parsed = parseTemplate(route.path, "path");
  const count = parsed.ok ? parsed.parts.filter(part => typeof part === "object").length : 0;
  if (count === 0)
    report(
      "warning",
      `${pointer}/in`,
      `${owner}: the route ${route.path} has no placeholder: it is read from the query`,
    );
}

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Finds inputs of one list that have the same name: the last one counts. */
function checkNames({ inputs, title, pointer }: UnitElement, report: ReportFinding): void {
  const seen = new Set<string>();
  for (const { declaration, pointer: place } of inputs) {
    if (!place.startsWith(`${pointer}/`)) continue;
    const { name } = declaration;
    if (seen.has(name))
      report("warning", `${place}/name`, `${title} has the input "${name}" twice: the last one counts`);
    seen.add(name);
  }
}
