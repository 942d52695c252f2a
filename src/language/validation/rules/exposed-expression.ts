import { isJsonObject, isObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import type { OutputParameter } from "../../document/document-types.ts";
import { isItemList } from "../../document/item-list.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { UnitElement } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds paths and templates of units that cannot be read, and those in old forms (language chapters 4 and 6). */
export const exposedExpression: ExposedRule = {
  name: "exposed-expression",
  kinds: ["error", "warning"],
  explanation:
    "A path or a template of a unit is malformed, or a reference is written in a form that was never standard.",
  fix: "Correct it at the place that the message names.",
  check({ units, adapters, resources }, report) {
    for (const unit of units) checkUnit(unit, report);
    for (const { declaration, pointer } of resources)
      checkTemplate(declaration.path, "path", `${pointer}/path`, report);
    for (const { declaration, pointer } of adapters) {
      const { authentication } = declaration;
      for (const [name, value] of Object.entries(authentication ?? {}))
        checkTemplate(value, "double", `${pointer}/authentication/${pointerSegment(name)}`, report);
      const endpoint =
        declaration.type === "control" ? declaration.observability?.exporters?.otlp?.endpoint : undefined;
      checkTemplate(endpoint, "double", `${pointer}/observability/exporters/otlp/endpoint`, report);
    }
  },
};

function checkUnit(unit: UnitElement, report: ReportFinding): void {
  const { title, declaration, pointer, kind } = unit;
  const inputs = new Set(kind === "function" ? unit.inputs.map(input => input.declaration.name) : []);
  checkWith(declaration.with, inputs, title, pointer, report);
  for (const [index, step] of (declaration.steps ?? []).entries()) {
    const place = `${pointer}/steps/${index}`;
    const owner = `${title}, step "${step.name}"`;
    checkItems(step["x-forEach"], owner, `${place}/x-forEach`, report);
    if (step.type !== "lookup") checkWith(step.with, inputs, owner, place, report);
    else if (typeof step.lookupValue === "string") {
      if (step.lookupValue.trim().startsWith("$")) checkPath(step.lookupValue, owner, `${place}/lookupValue`, report);
      else checkTemplate(step.lookupValue, "double", `${place}/lookupValue`, report);
    }
  }
  for (const [index, { value }] of (declaration.mappings ?? []).entries())
    checkPath(value, title, `${pointer}/mappings/${index}/value`, report);
  for (const [index, output] of (declaration.outputParameters ?? []).entries())
    checkOutput(output, title, `${pointer}/outputParameters/${index}`, report);
}

function checkWith(
  members: Readonly<Record<string, unknown>> | undefined,
  bare: ReadonlySet<string>,
  owner: string,
  pointer: string,
  report: ReportFinding,
): void {
  for (const [name, value] of Object.entries(members ?? {})) {
    const place = `${pointer}/with/${pointerSegment(name)}`;
    visit(value, place, report);
    if (typeof value !== "string") continue;
    if (bare.has(value))
      report("warning", place, `${owner}: "${value}" is read as the input of that name: write "{{${value}}}"`);
    else if (/^\$this\.[^.]+\./.test(value))
      report("warning", place, `${owner}: "${value}" is an old form: write "${value.slice("$this.".length)}"`);
  }
}

/** Checks the items of a loop, which stand alone or in a map. */
function checkItems(loop: unknown, owner: string, pointer: string, report: ReportFinding): void {
  const isWhole = isJsonObject(loop) && Object.hasOwn(loop, "items");
  const items = isWhole ? loop["items"] : loop;
  const place = isWhole ? `${pointer}/items` : pointer;
  if (typeof items === "string" && /^(?:\{\{\s*)?\$/.test(items.trim())) checkPath(items, owner, place, report);
  else visit(items, place, report);
}

function visit(value: unknown, pointer: string, report: ReportFinding): void {
  if (typeof value === "string") checkTemplate(value, "double", pointer, report);
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const place = `${pointer}/${pointerSegment(name)}`;
      checkTemplate(name, "double", place, report);
      visit(member, place, report);
    }
  }
}

const REFUSED_MEMBER = /\.(?:__proto__|constructor|prototype)(?:\.|$)/;

function checkTemplate(text: unknown, syntax: "double" | "path", pointer: string, report: ReportFinding): void {
  if (typeof text !== "string" || !text.includes("{")) return;
  // A path in braces is no template.
  if (syntax === "double" && /^\{\{\s*\$/.test(text)) return;
  const parsed = parseTemplate(text, syntax);
  if (!parsed.ok) {
    report("error", pointer, `Cannot read the template: ${parsed.reason}`);
    return;
  }
  for (const part of parsed.parts) {
    if (typeof part === "object" && REFUSED_MEMBER.test(part.name))
      report("error", pointer, `Cannot read the template: "{{${part.name}}}" asks for a member that no value has`);
  }
}

function checkPath(written: string, owner: string, pointer: string, report: ReportFinding): void {
  const parsed = parseWrittenPath(written);
  if (!parsed.ok)
    report("error", pointer, `${owner} has the malformed JSONPath ${JSON.stringify(written)}: ${parsed.reason}`);
}

function checkOutput(output: OutputParameter, owner: string, pointer: string, report: ReportFinding): void {
  const { mapping, value, properties, items, values } = output;
  if (typeof mapping === "string") checkPath(mapping, owner, `${pointer}/mapping`, report);
  else if (isObject(mapping)) checkOutput(mapping as OutputParameter, owner, `${pointer}/mapping`, report);
  checkTemplate(value, "double", `${pointer}/value`, report);
  for (const [name, property] of Object.entries(properties ?? {}))
    checkOutput(property, owner, `${pointer}/properties/${pointerSegment(name)}`, report);
  if (values !== undefined) checkOutput(values, owner, `${pointer}/values`, report);
  if (items === undefined) return;
  if (isItemList(items)) {
    for (const [index, item] of items.entries()) checkOutput(item, owner, `${pointer}/items/${index}`, report);
  } else checkOutput(items, owner, `${pointer}/items`, report);
}
