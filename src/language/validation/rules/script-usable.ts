import type { ScriptStep } from "../../document/document-types.ts";
import { isPlainPath } from "../../document/plain-path.ts";
import type { ExposedElements, UnitElement } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds script steps that cannot run (language chapter 8.4). */
export const scriptUsable: ExposedRule = {
  name: "script-usable",
  kinds: ["error"],
  explanation: "A script step is in a language that does not run here, or does not say where its script is.",
  fix: "Write the script in JavaScript, or put a call in its place; name the folder and a file in it.",
  check(exposed, report) {
    for (const unit of exposed.units) {
      for (const [index, step] of (unit.declaration.steps ?? []).entries())
        if (step.type === "script") checkScript(step, unit, `${unit.pointer}/steps/${index}`, exposed, report);
    }
  },
};

function checkScript(
  step: ScriptStep,
  { title }: UnitElement,
  pointer: string,
  { scripting }: ExposedElements,
  report: ReportFinding,
): void {
  const name = `${title}, step "${step.name}"`;
  const language = step.language ?? scripting.defaultLanguage;
  const languagePlace = step.language === undefined ? pointer : `${pointer}/language`;
  const allowed = scripting.allowedLanguages;
  if (language === undefined) {
    report("error", pointer, `${name} has no "language", and management.scripting has no "defaultLanguage"`);
  } else if (language.toLowerCase() !== "javascript") {
    const others = "write it in JavaScript, or call an operation in its place";
    report("error", languagePlace, `${name} is written in "${language}", which does not run here: ${others}`);
  } else if (allowed !== undefined && !allowed.some(each => each.toLowerCase() === "javascript")) {
    const list = allowed.length === 0 ? "none" : allowed.join(", ");
    report("error", languagePlace, `${name} is written in "${language}": management.scripting allows ${list}`);
  }
  const location = step.location ?? scripting.defaultLocation;
  if (location === undefined) {
    report("error", pointer, `${name} has no "location", and management.scripting has no "defaultLocation"`);
  } else if (/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(location)) {
    report("error", pointer, `${name} has the location "${location}", which is no folder: write file:///…`);
  }
  const files = [
    { file: step.file, place: `${pointer}/file` },
    ...(step.dependencies ?? []).map((file, index) => ({ file, place: `${pointer}/dependencies/${index}` })),
  ];
  for (const { file, place } of files) {
    if (isPlainPath(file)) continue;
    report(
      "error",
      place,
      `${name} names the file "${file}": a path in the folder, of letters, digits, ".", "_" and "-"`,
    );
  }
}
