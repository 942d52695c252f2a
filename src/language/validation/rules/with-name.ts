import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import type { ConsumedInputParameter } from "../../document/document-types.ts";
import { operationPath } from "../../document/operation-path.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { CallableOperation } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds members of `with` that the called operation does not take (language chapter 8.1). */
export const withName: ExposedRule = {
  name: "with-name",
  kinds: ["warning"],
  explanation:
    "A member of with names no input of the operation that is called, or a part of its host that callers would choose: its value goes nowhere.",
  fix: "Write the name of the input, as the message suggests; give a host by a variable; or remove the member.",
  check({ units, operations }, report) {
    const known = new Map<CallableOperation, ReadonlySet<string>>();
    const check = (call: string, members: Readonly<Record<string, unknown>>, { title, pointer, prefixes }: Place) => {
      const operation = operations.get(call);
      if (operation === undefined) return;
      const names = known.get(operation) ?? namesOf(operation);
      known.set(operation, names);
      reportUnknown(members, names, { title: `${title} gives "${call}"`, pointer, report });
      for (const name of hostsOf(operation)) {
        const value = Object.hasOwn(members, name) ? members[name] : undefined;
        if (!isOfCaller(value, prefixes)) continue;
        const message = `${title} lets callers choose "${name}", a part of the base URI: they do not, bind a variable`;
        report("warning", `${pointer}/with/${pointerSegment(name)}`, message);
      }
    };
    for (const { title, declaration, pointer, prefixes } of units) {
      const { call, with: members, steps } = declaration;
      if (call !== undefined && members !== undefined) check(call, members, { title, pointer, prefixes });
      for (const [index, step] of (steps ?? []).entries()) {
        if (step.type !== "call" || step.with === undefined) continue;
        const place = { title: `${title}, step "${step.name}"`, pointer: `${pointer}/steps/${index}`, prefixes };
        check(step.call, step.with, place);
      }
    }
  },
};

interface Place {
  readonly title: string;
  readonly pointer: string;
  readonly prefixes: ReadonlySet<string>;
}

interface Finding {
  readonly title: string;
  readonly pointer: string;
  readonly report: ReportFinding;
}

function reportUnknown(
  members: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
  { title, pointer, report }: Finding,
): void {
  for (const name of Object.keys(members)) {
    if (names.has(name) || names.has(name.replace(/^(?:path|query|header|cookie|body):/, ""))) continue;
    const hint =
      didYouMean(suggest(name, names)) || (names.size === 0 ? "; it has no inputs" : `; it has ${listed(names)}`);
    report(
      "warning",
      `${pointer}/with/${pointerSegment(name)}`,
      `${title} a "${name}", which is no input of it${hint}`,
    );
  }
}

const MOST_NAMES = 8;

function listed(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, MOST_NAMES).join(", ");
  return names.size > MOST_NAMES ? `${shown}, …` : shown;
}

/** Returns the names of parameters, and of placeholders in the texts of a request. */
function namesOf({ adapter, resource, operation }: CallableOperation): ReadonlySet<string> {
  const parameters = [adapter, resource, operation].flatMap(({ inputParameters }) => inputParameters ?? []);
  const texts: unknown[] = [adapter.baseUri, operation.body, parameters.map(valueIn)];
  const written = JSON.stringify([...texts, operationPath(resource, operation)]) ?? "";
  const names = new Set(parameters.filter(parameter => valueIn(parameter) === undefined).map(({ name }) => name));
  for (const [, name = ""] of written.matchAll(/\{\{?\s*([^{}"]+?)\s*\}/g)) {
    names.add(name);
    names.add(name.split(".", 1)[0] ?? name);
  }
  return names;
}

function valueIn({ value, template }: ConsumedInputParameter): unknown {
  return value ?? template ?? undefined;
}

/** Returns the placeholders of the base URI that are no variables. */
function hostsOf({ adapter: { baseUri } }: CallableOperation): string[] {
  const parsed = baseUri?.includes("{") ? parseTemplate(baseUri, "path") : undefined;
  const names = parsed?.ok ? parsed.parts.flatMap(part => (typeof part === "object" ? [part.name] : [])) : [];
  return names.filter(name => !VARIABLE.test(name));
}

const VARIABLE = /^(?:[\w-]+\.)?[A-Z][A-Z0-9_]*$/;

/** Tells whether a text takes its value from a caller. */
function isOfCaller(value: unknown, prefixes: ReadonlySet<string>): boolean {
  if (typeof value !== "string") return false;
  const [namespace = ""] = value.split(".", 1);
  if (prefixes.has(namespace) && value.includes(".")) return true;
  const parsed = value.includes("{{") ? parseTemplate(value, "double") : undefined;
  return parsed?.ok === true && parsed.parts.some(part => typeof part === "object" && !VARIABLE.test(part.name));
}
