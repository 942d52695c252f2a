import type { Diagnostic } from "../../base/capability-error.ts";
import { didYouMean } from "../../base/did-you-mean.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import type { CapabilityDocument } from "../document/document-types.ts";
import { valueAt } from "../validation/document-path.ts";
import type { Adapter, BodyNode, CapabilityModel, Operation, Parameter, Template, TemplatePart } from "./types.ts";
import { NOT_DECLARED, nearestVariables, undeclaredText } from "./undeclared-name.ts";
import { VariableNames } from "./variable-names.ts";

/** Template, and the JSON pointer of its text. */
type Placed = readonly [pointer: string, template: Template];

/**
 * Finds references that have no value, and those that only the environment may have (language chapter 3, rule 4). A
 * call that needs one of the former fails; the others are read, though no bind declares them.
 *
 * @param document the document that was compiled
 */
export function templateFindings(
  { adapters, binds, operations }: Pick<CapabilityModel, "adapters" | "binds" | "operations">,
  document: CapabilityDocument,
): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const names = new VariableNames(document, binds);
  // The file that imports a shared one declares what that lacks.
  const isShared = document.capability === undefined;
  const severity = isShared ? "warning" : "error";
  const isOpen = isShared && binds.length === 0;
  const report = (finding: Omit<Diagnostic, "rule">) => {
    found.set(`${finding.pointer} ${finding.message}`, { ...finding, rule: "bind-declared" });
  };
  const checkPlaceholder = (pointer: string, name: string) => {
    const nearest = names.looksBound(name) ? nearestVariables(name, binds) : [];
    if (nearest.length === 0) return;
    const message = `No bind declares ${name}, so it is an input of each call${didYouMean(nearest)}`;
    report({ severity: "warning", pointer, message });
  };
  const check = (pointer: string, part: TemplatePart, operation?: Operation) => {
    if (typeof part === "string") return;
    if (part.kind === "undeclared") {
      if (isOpen && part.problem === NOT_DECLARED) return;
      report({ severity, pointer, message: `Calls will fail: no value for ${undeclaredText(part)}` });
    } else if (part.kind === "bind" && part.variable.undeclared) {
      const { namespace, name } = part.variable;
      const declared = binds.filter(variable => variable.namespace === namespace);
      const nearest = didYouMean(nearestVariables(name, declared));
      const message = `Bind "${namespace}" does not declare ${name}, which is read from the environment${nearest}`;
      report({ severity: "warning", pointer, message });
    } else if (part.kind === "input") {
      if (operation === undefined) return checkPlaceholder(pointer, part.name);
      const declared = operation.inputs.get(part.name)?.undeclaredAmong;
      if (declared === undefined || isOpen || names.isOfUnit(part.name)) return;
      const reason = undeclaredText({ name: part.name, problem: NOT_DECLARED, declared });
      report({ severity, pointer, message: `Calls will fail: no value for ${reason}` });
    }
  };
  for (const adapter of adapters)
    for (const [pointer, { parts }] of adapterTemplates(adapter)) for (const part of parts) check(pointer, part);
  for (const operation of operations) {
    for (const part of [...operation.pathParts, ...operation.queryParts]) {
      // A placeholder without a parameter of its own has the place of the path.
      if (typeof part === "object" && part.source.kind === "input" && part.pointer.endsWith("/path"))
        checkPlaceholder(part.pointer, part.name);
    }
    for (const [pointer, { parts }] of operationTemplates(operation, document))
      for (const part of parts) check(pointer, part, operation);
    for (const [pointer, text] of bodyTexts(operation, document)) {
      const found = names.mistakenWithin(text);
      if (found === undefined) continue;
      report({ severity: "warning", pointer, message: `${found.name} is not replaced: ${found.problem}` });
    }
  }
  return [...found.values()];
}

function* adapterTemplates({ authentication, baseUri, baseUriOrigin, pointer }: Adapter): Generator<Placed> {
  // Findings about an overlay have a place in the configuration.
  if (baseUri.kind === "template" && baseUriOrigin === undefined) yield [`${pointer}/baseUri`, baseUri.template];
  if (authentication === undefined || authentication.implied || authentication.origin !== undefined) return;
  for (const [name, template] of authentication.fields) yield [`${authentication.pointer}/${name}`, template];
}

function* operationTemplates(operation: Operation, document: CapabilityDocument): Generator<Placed> {
  const { body, parameters, pathParts, queryParts } = operation;
  for (const part of [...parameters, ...pathParts, ...queryParts]) {
    if (typeof part === "string" || part.origin !== undefined || part.source.kind !== "template") continue;
    yield [placeOf(part, document), part.source.template];
  }
  if (body === undefined) return;
  // Only a structure has places of its own.
  const isText = typeof valueAt(document, body.pointer) === "string";
  for (const [pointer, template] of bodyTemplates(body.content, body.pointer))
    yield [isText ? body.pointer : pointer, template];
}

/** Returns the place of a parameter's template. A placeholder of a path has the place of the path. */
function placeOf({ pointer }: Parameter, document: CapabilityDocument): string {
  const member = ["value", "template"].find(name => valueAt(document, `${pointer}/${name}`) !== undefined);
  return member === undefined ? pointer : `${pointer}/${member}`;
}

/** Yields the texts of a body with their places. */
function* bodyTexts({ body }: Operation, document: CapabilityDocument): Generator<readonly [string, string]> {
  if (body !== undefined) yield* textsIn(valueAt(document, body.pointer), body.pointer);
}

function* textsIn(value: unknown, pointer: string): Generator<readonly [string, string]> {
  if (typeof value === "string") yield [pointer, value];
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* textsIn(member, `${pointer}/${pointerSegment(name)}`);
  }
}

function* bodyTemplates(node: BodyNode, pointer: string): Generator<Placed> {
  if (node.kind === "text" || node.kind === "value") yield [pointer, node.template];
  else if (node.kind === "array") {
    for (const [index, item] of node.items.entries()) yield* bodyTemplates(item, `${pointer}/${index}`);
  } else if (node.kind === "object") {
    for (const [name, member] of node.members) {
      const place = `${pointer}/${pointerSegment(name.text)}`;
      yield [place, name];
      yield* bodyTemplates(member, place);
    }
  }
}
