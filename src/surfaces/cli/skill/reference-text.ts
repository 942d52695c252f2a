import type { OperationDescription } from "../../../language/model/describe-operation.ts";
import { exampleCommand, exampleOfUnit } from "../help.ts";
import { inputColumns } from "../input-usage.ts";
import { code, markdownLine, quotation, shellBlock } from "./markdown.ts";
import type { SkillContent, SkillResource, SkillUnit } from "./skill-content.ts";

/** Bounds of what a reference tells of an operation, in characters. */
const LONGEST_DESCRIPTION = 2_000;
const LONGEST_INPUT = 300;

/** Writes the reference of a resource. */
export function resourceText({ name, operations }: SkillResource, { asset }: SkillContent): string {
  const parts = operations.flatMap(operation => [
    "",
    `## ${code(operation.reference)}`,
    "",
    `${code(`${operation.method} ${operation.path}`)}${effectText(operation.method)}`,
    "",
    ...quotation(operation.description ?? operation.label ?? "", LONGEST_DESCRIPTION),
    ...shellBlock(`npx -y ${exampleCommand(asset, operation)}`),
    "",
    ...inputLines(operation.inputs),
    ...outputLines(operation),
  ]);
  return text([`# Resource ${code(name)}`, ...parts]);
}

/** Writes the reference of what is exposed. */
export function unitsText(units: readonly SkillUnit[], { asset }: SkillContent): string {
  const parts = units.flatMap(({ reference, unit }) => [
    "",
    `## ${code(reference)}`,
    "",
    ...quotation(unit.description ?? unit.label ?? "", LONGEST_DESCRIPTION),
    ...(unit.hints?.readOnly === true || unit.route?.startsWith("GET ")
      ? []
      : ["It may change data: show the call to your user before you make it.", ""]),
    ...shellBlock(`npx -y ${exampleOfUnit(asset, reference, unit)}`),
    "",
    ...inputLines(unit.inputs),
  ]);
  return text(["# What the capability makes of several calls", ...parts]);
}

/** Tells what a method does to data, as the end of a line. */
export function effectText(method: string): string {
  if (method === "GET" || method === "HEAD") return "";
  if (method === "DELETE") return " — **deletes**: ask your user before you call it";
  return " — changes data, unless the description says that it only reads";
}

type Inputs = Parameters<typeof inputColumns>[0];

function inputLines(inputs: readonly (Omit<Inputs, "in"> & { readonly in?: Inputs["in"] })[]): string[] {
  if (inputs.length === 0) return ["Inputs: none"];
  const lines = inputs.map(input => {
    const [usage, facts] = inputColumns({ ...input, in: input.in });
    const description = markdownLine(input.description ?? "", LONGEST_INPUT);
    return `- ${[code(usage), markdownLine(facts, LONGEST_INPUT)].join(" ").trimEnd()}${description && `: ${description}`}`;
  });
  return ["Inputs:", "", ...lines];
}

/** Most outputs that are named. */
const MOST_OUTPUTS = 40;

function outputLines({ outputs }: OperationDescription): string[] {
  // A single one that is the whole body says nothing.
  if (outputs.length === 0 || (outputs.length === 1 && /^\$\.?$/.test(outputs[0]?.value ?? ""))) return [];
  const shown = outputs.slice(0, MOST_OUTPUTS).map(({ name, type }) => `${code(name)} (${markdownLine(type, 40)})`);
  return ["", `Outputs: ${shown.join(", ")}${outputs.length > MOST_OUTPUTS ? ", …" : ""}`];
}

/** Joins lines. */
export function text(lines: readonly string[]): string {
  return `${lines.join("\n").trimEnd()}\n`;
}
