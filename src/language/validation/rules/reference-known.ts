import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { ExposesSkill } from "../../document/document-types.ts";
import type { ExposedElements, UnitElement } from "../exposed-elements.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds references to operations, functions and servers that are not there (language chapter 1.4). */
export const referenceKnown: ExposedRule = {
  name: "reference-known",
  kinds: ["error"],
  explanation: "A call, a reference to a function, the target of a forward or the source of a skill names nothing.",
  fix: "Write the name of what is meant, as the message suggests, or add it.",
  check(exposed, report) {
    for (const unit of exposed.units) checkUnit(unit, exposed, report);
    for (const { declaration, pointer } of exposed.resources) {
      const target = declaration.forward?.targetNamespace;
      if (target === undefined || exposed.namespaces.has(target)) continue;
      const hint = didYouMean(suggest(target, exposed.namespaces));
      const message = `Route "${declaration.path}" forwards to "${target}", which is no consumed API${hint}`;
      report("error", `${pointer}/forward/targetNamespace`, message);
    }
    for (const { declaration, pointer } of exposed.adapters)
      if (declaration.type === "skill") checkSkills(declaration, pointer, exposed, report);
  },
};

function checkUnit(
  { title, declaration, pointer }: UnitElement,
  exposed: ExposedElements,
  report: ReportFinding,
): void {
  const { call, steps, ref } = declaration;
  if (call !== undefined) checkCall(call, title, `${pointer}/call`, exposed, report);
  for (const [index, step] of (steps ?? []).entries()) {
    if (step.type !== "call") continue;
    checkCall(step.call, `${title}, step "${step.name}"`, `${pointer}/steps/${index}/call`, exposed, report);
  }
  if (ref !== undefined && !exposed.functions.has(ref)) {
    const hint = didYouMean(suggest(ref, exposed.functions.keys()));
    report("error", `${pointer}/ref`, `${title} refers to "${ref}", which is no function of an aggregate${hint}`);
  }
}

function checkCall(
  call: string,
  title: string,
  pointer: string,
  { operations, namespaces }: ExposedElements,
  report: ReportFinding,
): void {
  if (operations.has(call)) return;
  const [namespace = ""] = call.split(".", 1);
  const isKnown = namespaces.has(namespace);
  const reason = isKnown ? `"${namespace}" has no such operation` : `no consumed API has the namespace "${namespace}"`;
  const names = [...operations.values()].map(found => `${found.adapter.namespace}.${found.operation.name}`);
  const hint = didYouMean(suggest(call, names));
  report("error", pointer, `${title} calls "${call}": ${reason}${hint}`);
}

function checkSkills(
  { skills }: ExposesSkill,
  pointer: string,
  { adapters, units }: ExposedElements,
  report: ReportFinding,
): void {
  const servers = new Set(
    adapters.flatMap(({ declaration: { type, ...rest } }) =>
      type === "rest" || type === "mcp" ? [(rest as { readonly namespace: string }).namespace] : [],
    ),
  );
  for (const [index, skill] of skills.entries()) {
    for (const [each, tool] of (skill.tools ?? []).entries()) {
      const { from } = tool;
      if (from === undefined) continue;
      const place = `${pointer}/skills/${index}/tools/${each}/from`;
      const source = from.sourceNamespace ?? from.namespace ?? "";
      const action = from.action ?? from.name ?? "";
      const title = `Skill "${skill.name}", tool "${tool.name}"`;
      if (!servers.has(source)) {
        const hint = didYouMean(suggest(source, servers));
        const key = from.sourceNamespace === undefined ? "namespace" : "sourceNamespace";
        report(
          "error",
          `${place}/${key}`,
          `${title} comes from "${source}", which is no REST or MCP server here${hint}`,
        );
        continue;
      }
      const names = units.filter(({ namespace, kind }) => namespace === source && ACTIONS.has(kind)).flatMap(namesOf);
      if (names.includes(action)) continue;
      const key = from.action === undefined ? "name" : "action";
      report(
        "error",
        `${place}/${key}`,
        `${title}: "${source}" has no "${action}"${didYouMean(suggest(action, names))}`,
      );
    }
  }
}

/** Kinds of units that the tools of a skill may mean. */
const ACTIONS: ReadonlySet<UnitElement["kind"]> = new Set(["operation", "tool"]);

/** Returns the names of a unit: its own, or that of the function that it refers to. */
function namesOf({ declaration: { name, ref } }: UnitElement): string[] {
  return [name ?? ref?.slice(ref.indexOf(".") + 1)].filter(found => found !== undefined);
}
