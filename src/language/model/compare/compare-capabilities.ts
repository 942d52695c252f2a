import { getOrSet } from "../../../base/get-or-set.ts";
import { canonicalText } from "../../../base/json-schema/same-json.ts";
import { describeOperation, type InputDescription } from "../describe-operation.ts";
import type { Adapter, Authentication, CapabilityModel, Operation, TemplatePart } from "../types.ts";
import { asDouble } from "./as-double.ts";
import { type CapabilityChange, type ReportChange, shownValue } from "./change.ts";
import { compareSchemas } from "./compare-schemas.ts";

/**
 * Returns how a capability differs from its former version for those who call it: operations, inputs, answers, base URIs
 * and authentication. Descriptions do not count. Breaking changes come first, each group in the order of the files.
 */
export function compareCapabilities(before: CapabilityModel, after: CapabilityModel): CapabilityChange[] {
  const changes: CapabilityChange[] = [];
  const reportFor = (operation: string | undefined): ReportChange => {
    return (isBreaking, message) => changes.push({ isBreaking, operation, message });
  };
  compareAdapters(before.adapters, after.adapters, reportFor(undefined));
  const left = new Set(after.operations);
  const named = groupBy(after.operations, ({ name }) => name);
  const gone: Operation[] = [];
  for (const operation of before.operations) {
    const same = sameOperation(
      operation,
      (named.get(operation.name) ?? []).filter(other => left.has(other)),
    );
    if (same === undefined) gone.push(operation);
    else {
      left.delete(same);
      compareOperations(operation, same, reportFor(operation.reference));
    }
  }
  const called = groupBy([...left], address);
  for (const operation of gone) {
    const renamed = called.get(address(operation))?.find(other => left.has(other));
    if (renamed !== undefined) left.delete(renamed);
    const now =
      renamed === undefined ? "" : `: ${callText(renamed)} is called ${JSON.stringify(renamed.reference)} now`;
    reportFor(operation.reference)(true, `the operation is gone${now}`);
  }
  for (const operation of left) reportFor(operation.reference)(false, `the operation is new: ${callText(operation)}`);
  return changes.toSorted((a, b) => Number(b.isBreaking) - Number(a.isBreaking));
}

/** @param named those of the same name: published files have one name several times */
function sameOperation(operation: Operation, named: readonly Operation[]): Operation | undefined {
  if (named.length <= 1) return named[0];
  return (
    named.find(other => address(other) === address(operation)) ??
    named.find(({ resource }) => resource === operation.resource)
  );
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) getOrSet(groups, keyOf(item), () => []).push(item);
  return groups;
}

/** Returns method and path. The names of placeholders are no part of an address. */
function address({ method, path }: Operation): string {
  return `${method} ${path.replace(/\{+[^{}]*\}+/g, "{}").replace(/\/$/, "")}`;
}

function callText({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function compareAdapters(before: readonly Adapter[], after: readonly Adapter[], report: ReportChange): void {
  const isOne = before.length === 1 && after.length === 1;
  for (const adapter of before) {
    const what = isOne ? "" : ` of ${JSON.stringify(adapter.namespace)}`;
    const same = isOne ? after[0] : after.find(({ namespace }) => namespace === adapter.namespace);
    if (same === undefined) {
      report(true, `the namespace ${JSON.stringify(adapter.namespace)} is gone`);
      continue;
    }
    if (same.namespace !== adapter.namespace)
      report(true, `the namespace is ${JSON.stringify(same.namespace)}, and was ${JSON.stringify(adapter.namespace)}`);
    if (same.baseUri.text !== adapter.baseUri.text)
      report(
        true,
        `the base URI${what} is ${shownValue(same.baseUri.text)}, and was ${shownValue(adapter.baseUri.text)}`,
      );
    const was = authenticationText(adapter.authentication);
    const is = authenticationText(same.authentication);
    if (was !== is) report(true, `the authentication${what} is ${is}, and was ${was}`);
  }
  const known = new Set(before.map(({ namespace }) => namespace));
  for (const { namespace } of isOne ? [] : after)
    if (!known.has(namespace)) report(false, `the namespace ${JSON.stringify(namespace)} is new`);
}

/** Returns a declaration with the names of its variables, and no value that it has in the file. */
function authenticationText(authentication: Authentication | undefined): string {
  if (authentication === undefined) return "none";
  const { type, key, placement, fields } = authentication;
  const place = key === undefined ? "" : ` ${JSON.stringify(key)} in the ${placement ?? "header"}`;
  const names = [...fields].map(([name, { parts }]) => `${name} ${parts.map(part => partText(part)).join("")}`);
  return `${type}${place}${names.length === 0 ? "" : ` (${names.join(", ")})`}`;
}

function partText(part: TemplatePart): string {
  if (typeof part === "string") return "…";
  return part.kind === "bind" ? part.variable.name : part.kind;
}

function compareOperations(before: Operation, after: Operation, report: ReportChange): void {
  const was = describeOperation(before);
  const is = describeOperation(after);
  if (address(before) !== address(after)) report(false, `it calls ${callText(after)}, and called ${callText(before)}`);
  const inputs = new Map(is.inputs.map(input => [input.name, input]));
  for (const input of was.inputs) {
    const same = inputs.get(input.name);
    inputs.delete(input.name);
    if (same === undefined) report(true, `input ${JSON.stringify(input.name)} is gone`);
    else compareInputs(input, same, report);
  }
  for (const { name, required, default: given } of inputs.values()) {
    const isNeeded = required && given === undefined;
    report(isNeeded, `input ${JSON.stringify(name)} is new${isNeeded ? " and required" : ""}`);
  }
  compareAnswers(before, after, report);
}

function compareInputs(before: InputDescription, after: InputDescription, report: ReportChange): void {
  const what = `input ${JSON.stringify(before.name)}`;
  const wasNeeded = before.required && before.default === undefined;
  const isNeeded = after.required && after.default === undefined;
  if (isNeeded !== wasNeeded) report(isNeeded, `${what} is ${isNeeded ? "required" : "optional"} now`);
  if (before.in !== after.in) report(false, `${what} is in the ${after.in}, and was in the ${before.in}`);
  if (canonicalText(asDouble(before.default) ?? null) !== canonicalText(asDouble(after.default) ?? null))
    report(
      before.default !== undefined,
      `${what} has the default ${shownValue(after.default)}, and had ${shownValue(before.default)}`,
    );
  compareSchemas(what, [schemaOf(before), schemaOf(after)], "input", report);
}

function schemaOf({ type, schema }: InputDescription): unknown {
  return typeof schema === "object" && schema !== null ? { type, ...schema } : { type };
}

function compareAnswers(before: Operation, after: Operation, report: ReportChange): void {
  if (before.rawFormat !== after.rawFormat)
    report(true, `the answer is read as ${after.rawFormat}, and was read as ${before.rawFormat}`);
  if ((before.outputs === undefined) !== (after.outputs === undefined))
    report(true, after.outputs ? "the result has named outputs now" : "the result has no named outputs any more");
  const outputs = new Map((after.outputs ?? []).map(output => [output.name, output]));
  for (const { name, type, path } of before.outputs ?? []) {
    const same = outputs.get(name);
    outputs.delete(name);
    const what = `output ${JSON.stringify(name)}`;
    if (same === undefined) report(after.outputs !== undefined, `${what} is gone`);
    else if (same.type !== type) report(true, `${what} is ${same.type}, and was ${type}`);
    else if (same.path.text !== path.text) report(false, `${what} is ${same.path.text}, and was ${path.text}`);
  }
  for (const name of outputs.keys()) report(false, `output ${JSON.stringify(name)} is new`);
  // Each is made when it is asked for.
  const { answerSchema: was } = before;
  const { answerSchema: is } = after;
  if (was !== undefined && is !== undefined) compareSchemas("the answer", [was, is], "answer", report);
  else if (was !== undefined) report(true, "the answer has no schema any more");
  else if (is !== undefined) report(false, "the answer has a schema now");
}
