import { ALLOW_PLAIN_HTTP } from "../../base/plain-http.ts";
import type { Operation, Parameter, ParameterSource, Template } from "../../language/model/types.ts";
import { absentDefaults } from "./default-inputs.ts";
import type { RequestPlan } from "./plan-request.ts";
import { type ErrorPlace, errorPlace, requestInvalid } from "./request-error.ts";
import { bodyTemplates, references } from "./template-references.ts";

/** Part of a request that holds the values of variables. */
interface Holding extends ErrorPlace {
  readonly names: readonly string[];
  /** For people: `header "x-key"`. */
  readonly part: string;
}

/**
 * Refuses a request over plain `http` to another computer if it holds the value of a variable: every variable may be a
 * secret. The templates tell which parts hold one, not the values, so that short and encoded values count too.
 *
 * @param inputs the caller's values by input key
 * @param base the beginning of the request's URL
 * @throws CapabilityError `REQUEST_INVALID` naming the variables and their places
 */
export function requireNoVariables(plan: RequestPlan, inputs: ReadonlyMap<string, unknown>, base: string): void {
  const holdings = [...holdingsOf(plan, inputs)].filter(({ names }) => names.length > 0);
  const [first] = holdings;
  if (first === undefined) return;
  const told = holdings.map(({ names, part }) => `${names.join(" and ")} in ${part}`).join(", ");
  const { pointer, source } = first;
  throw requestInvalid(
    plan.operation,
    `the value of ${told} would go over plain http to ${hostOf(plan.operation, base)}`,
    { ...(pointer === undefined ? { source } : { pointer }), remedies: [ALLOW_PLAIN_HTTP] },
  );
}

/** Returns the host for a message, without one that holds a variable. */
function hostOf({ adapter }: Operation, base: string): string {
  const { baseUri } = adapter;
  const isTold = baseUri.kind !== "template" || variablesOf([baseUri.template]).length === 0;
  return isTold ? new URL(base).host : "another computer";
}

function* holdingsOf(plan: RequestPlan, inputs: ReadonlyMap<string, unknown>): Generator<Holding> {
  const { operation } = plan;
  const { adapter, pathParts, queryParts, body } = operation;
  if (adapter.baseUri.kind === "template") {
    const filled = [...operation.baseUriSources.values()].flatMap(templatesOf);
    yield {
      names: variablesOf([adapter.baseUri.template, ...filled]),
      part: "the base URI",
      ...errorPlace(`${adapter.pointer}/baseUri`, adapter.baseUriOrigin),
    };
  }
  for (const [parts, part] of [
    [pathParts, "the path"],
    [queryParts, "the query of the path"],
  ] as const) {
    for (const parameter of parts) if (typeof parameter !== "string") yield holdingOf(parameter, part);
  }
  for (const [index, parameter] of operation.parameters.entries()) {
    if (!isOverwritten(parameter, operation.parameters.slice(index + 1), inputs))
      yield holdingOf(parameter, `${parameter.in} ${JSON.stringify(parameter.name)}`);
  }
  if (body !== undefined)
    yield { names: variablesOf([...bodyTemplates(body.content)]), part: "the body", pointer: body.pointer };
  for (const { input, origin, variables } of absentDefaults(plan.defaults, inputs)) {
    const part = `the default of input ${JSON.stringify(input.key)}`;
    yield { names: variables.map(({ name }) => name), part, source: origin?.source };
  }
}

function holdingOf({ source, pointer, origin }: Parameter, part: string): Holding {
  return { names: variablesOf(templatesOf(source)), part, ...errorPlace(pointer, origin) };
}

/** Returns whether a header of the caller replaces one that the file or an overlay writes before it. */
function isOverwritten(
  { in: location, name }: Parameter,
  later: readonly Parameter[],
  inputs: ReadonlyMap<string, unknown>,
): boolean {
  if (location !== "header") return false;
  const same = (other: Parameter) => other.in === "header" && other.name.toLowerCase() === name.toLowerCase();
  return later.some(other => same(other) && other.source.kind === "input" && inputs.has(other.source.key));
}

function templatesOf(source: ParameterSource): Template[] {
  return source.kind === "template" ? [source.template] : [];
}

function variablesOf(templates: readonly Template[]): string[] {
  return references(templates.map(template => [template, {}])).variables.map(({ name }) => name);
}
