import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { isJsonObject, isObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import { declaredBinds } from "../../document/declared-binds.ts";
import type { Step } from "../../document/document-types.ts";
import { parseJsonPath, parseJsonPathFilter } from "../../expression/json-path.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { UnitElement } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";
import { firstMembers, itemName } from "../step-names.ts";

/** Finds steps that refer to later steps or to none (language chapter 8). */
export const stepOrder: ExposedRule = {
  name: "step-order",
  kinds: ["error", "warning"],
  explanation: "A step refers to itself, to a later step or to one that is not there, or two steps have the same name.",
  fix: "Put a step behind those that it refers to, and write their names as they are.",
  check({ units, document }, report) {
    const variables = new Set<string>();
    for (const { namespace, name } of declaredBinds(document)) variables.add(namespace).add(name);
    for (const unit of units)
      if (unit.declaration.steps !== undefined) checkSteps(unit, unit.declaration.steps, variables, report);
  },
};

/** @param variables of binds, and the namespaces of these */
function checkSteps(
  unit: UnitElement,
  steps: readonly Step[],
  variables: ReadonlySet<string>,
  report: ReportFinding,
): void {
  const { title, pointer, declaration } = unit;
  const order = new Map<string, number>();
  for (const [index, { name }] of steps.entries()) {
    if (order.has(name)) report("error", `${pointer}/steps/${index}/name`, `${title} has two steps called "${name}"`);
    else order.set(name, index);
  }
  // An input of the name of a later step is meant before that step.
  const inputs = new Set([...unit.inputs.map(input => input.declaration.name), ...Object.keys(declaration.with ?? {})]);
  for (const [index, step] of steps.entries()) {
    const owner = `${title}, step "${step.name}"`;
    const isKnown = (text: string) => inputs.has(text) || variables.has(text) || unit.prefixes.has(text);
    for (const { name, place, isPath, template } of namesIn(step)) {
      const found = order.get(name);
      const at = `${pointer}/steps/${index}${place}`;
      if (found !== undefined && found >= index) {
        if (!isPath && inputs.has(name)) continue;
        const reason = found === index ? "which is itself" : "which comes after it";
        report("error", at, `${owner} refers to step "${name}", ${reason}`);
      } else if (found === undefined && place === "/index") {
        const known = [...order.keys()].slice(0, index);
        report(
          "error",
          at,
          `${owner} searches in step "${name}", which is not there${didYouMean(suggest(name, known))}`,
        );
      } else if (found === undefined && isPath && !inputs.has(name)) {
        reportUnresolved(name, at, owner, steps.slice(0, index), report);
      } else if (found === undefined && template !== undefined && !isKnown(name) && !isKnown(template)) {
        const hint = didYouMean(suggest(name, [...inputs, ...[...order.keys()].slice(0, index)]));
        report(
          "warning",
          at,
          `${owner} refers to "${template}", which is no input and no step: it has no value${hint}`,
        );
      }
    }
  }
  for (const [index, { value }] of (declaration.mappings ?? []).entries()) {
    const name = firstOf(value);
    if (name !== undefined && !order.has(name))
      reportUnresolved(name, `${pointer}/mappings/${index}/value`, title, steps, report);
  }
}

/** Tells of a path that begins with no step, unless it is about the only call step. */
function reportUnresolved(
  name: string,
  pointer: string,
  owner: string,
  steps: readonly Step[],
  report: ReportFinding,
): void {
  if (steps.filter(({ type }) => type === "call").length === 1) return;
  const hint = didYouMean(
    suggest(
      name,
      steps.map(step => step.name),
    ),
  );
  report("warning", pointer, `${owner} takes a value from step "${name}", which is not there: it has none${hint}`);
}

interface StepName {
  readonly name: string;
  /** Pointer below the step. */
  readonly place: string;
  /** Whether a path begins with the name; a template may mean something else by it. */
  readonly isPath: boolean;
  /** The whole name in a template. One in capitals is left out: a configuration may declare such a variable. */
  readonly template?: string;
}

/** Yields the names that the texts of a step begin with. */
function* namesIn(step: Step): Generator<StepName> {
  const { "x-forEach": loop, "x-if": condition } = step;
  const items = isJsonObject(loop) && Object.hasOwn(loop, "items") ? loop["items"] : loop;
  const own = itemName(step);
  if (step.type === "lookup") {
    yield { name: step.index, place: "/index", isPath: true };
    yield* otherThan(own, namesInText(step.lookupValue, "/lookupValue", true));
  } else {
    for (const [name, value] of Object.entries(step.with ?? {}))
      yield* otherThan(own, namesInValue(value, `/with/${pointerSegment(name)}`, false));
  }
  yield* namesInValue(items, items === loop ? "/x-forEach" : "/x-forEach/items", true);
  const parsed = typeof condition === "string" ? parseJsonPathFilter(condition) : undefined;
  if (parsed?.ok)
    for (const name of firstMembers(parsed.filter))
      if (name !== own) yield { name, place: "/x-if", isPath: false, template: name };
}

/** Leaves out the name of the item of `x-forEach`. */
function* otherThan(own: string | undefined, names: Iterable<StepName>): Generator<StepName> {
  for (const name of names) if (name.name !== own) yield name;
}

function* namesInValue(value: unknown, place: string, takesPaths: boolean): Generator<StepName> {
  if (typeof value === "string") yield* namesInText(value, place, takesPaths);
  else if (isObject(value))
    for (const [name, member] of Object.entries(value))
      yield* namesInValue(member, `${place}/${pointerSegment(name)}`, false);
}

function* namesInText(value: unknown, place: string, takesPaths: boolean): Generator<StepName> {
  if (typeof value !== "string") return;
  const first = /^(?:\{\{\s*)?\$[.[]/.test(value) ? firstOf(value) : undefined;
  if (first !== undefined) {
    // Elsewhere such a text is literal, unless it begins with the name of a step.
    yield { name: first, place, isPath: takesPaths };
    return;
  }
  if (!value.includes("{{")) return;
  const parsed = parseTemplate(value, "double");
  for (const part of parsed.ok ? parsed.parts : [])
    if (typeof part === "object") yield { ...templateName(part.name), place, isPath: false };
}

const RELIC_OR_VARIABLE = /^\$|^(?:[\w-]+\.)?[A-Z][A-Z0-9_]*$/;

function templateName(template: string): Pick<StepName, "name" | "template"> {
  const [name = ""] = template.split(".", 1);
  return RELIC_OR_VARIABLE.test(template) ? { name } : { name, template };
}

/** Returns the member that a path begins with. */
function firstOf(path: string): string | undefined {
  const parsed = parseJsonPath(path.trim());
  const [first] = parsed.ok ? parsed.path.steps : [];
  return first?.kind === "member" ? first.name : undefined;
}
