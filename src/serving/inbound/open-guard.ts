import { CapabilityError, changeError, isCapabilityError } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";
import { renderText } from "../../engine/request/render-template.ts";
import { references } from "../../engine/request/template-references.ts";
import type { ExposedAdapter, InboundAuthentication } from "../../language/model/exposed/types.ts";
import type { Template } from "../../language/model/types.ts";
import type { Caller, Guard, GuardContext, GuardedRuntime } from "./guard.ts";
import type { InboundKind, InboundValues } from "./inbound-kind.ts";
import { inboundKinds } from "./inbound-kinds.ts";

/** The parts of an adapter that its guard comes from. */
type GuardedAdapter = Pick<ExposedAdapter, "type" | "authentication" | "pointer"> & { readonly namespace?: string };

const ANYBODY: Caller = { id: undefined };
/** Admits every request. */
const OPEN: Guard = { admit: () => ANYBODY, resource: undefined };

/**
 * Opens the guard of an adapter. Its secrets are looked up now: a server that would compare with an empty or unresolved
 * one must not start (language chapter 7.6).
 *
 * @param report told why callers cannot be checked
 * @throws CapabilityError `BIND_MISSING` for a secret without a value, naming adapter, field and variable;
 *   `CAPABILITY_INVALID` for a declaration that can admit nobody
 */
export function openGuard(
  adapter: GuardedAdapter,
  runtime: GuardedRuntime,
  report: GuardContext["report"],
): Promise<Guard> {
  return runtime.perform(async () => {
    const { authentication } = adapter;
    if (authentication === undefined) return OPEN;
    const kind = inboundKinds[authentication.type];
    const subject = subjectOf(adapter, authentication);
    const values = await valuesOf(authentication, kind, subject, runtime);
    const context = { session: runtime.session, servesMetadata: adapter.type === "mcp", report };
    const problem = kind.problem(authentication, values, context);
    if (problem !== undefined) throw declarationError(authentication, subject, problem);
    return kind.open(authentication, values, context);
  });
}

/** Names a declaration for people. */
function subjectOf({ type, namespace }: GuardedAdapter, authentication: InboundAuthentication): string {
  return `the ${authentication.type} authentication of ${type} adapter${namespace === undefined ? "" : ` "${namespace}"`}`;
}

/** Looks up the values of the fields of a declaration. */
async function valuesOf(
  authentication: InboundAuthentication,
  kind: InboundKind,
  subject: string,
  runtime: GuardedRuntime,
): Promise<InboundValues> {
  const values: Record<string, string> = {};
  for (const name of [...kind.fields, ...kind.optionalFields]) {
    const template = authentication.fields.get(name);
    if (template === undefined) {
      if (kind.fields.includes(name)) throw missing(authentication, subject, name, "it is not declared");
      continue;
    }
    const value = await fieldValue(authentication, template, name, subject, runtime);
    if (!kind.publicFields.includes(name)) runtime.secrets.add(value);
    values[name] = value;
  }
  return values;
}

async function fieldValue(
  authentication: InboundAuthentication,
  template: Template,
  name: string,
  subject: string,
  { binds }: GuardedRuntime,
): Promise<string> {
  const place = { pointer: `${authentication.pointer}/${name}` };
  const found = references([[template, place]]);
  const request = { operation: subject, ...found, mayBeEmpty: new Set<never>() };
  let value: string | undefined;
  try {
    value = renderText(template, { inputs: new Map(), binds: await binds.resolve(request) });
  } catch (error) {
    if (!isCapabilityError(error, "BIND_MISSING")) throw error;
    const reason = error.message.slice(error.message.indexOf(":") + 2);
    throw changeError(error, { message: `Cannot serve: "${name}" of ${subject} has ${reason}`, ...place });
  }
  if (value === undefined || value.trim() === "") throw missing(authentication, subject, name, "it is empty");
  if (value.includes("{{"))
    throw missing(authentication, subject, name, 'it still holds a "{{": no value was put in its place');
  return value;
}

function missing(
  authentication: InboundAuthentication,
  subject: string,
  name: string,
  reason: string,
): CapabilityError<"BIND_MISSING"> {
  const variables = references([[authentication.fields.get(name) ?? { text: "", parts: [] }, {}]]).variables;
  return new CapabilityError("BIND_MISSING", {
    message: `Cannot serve: "${name}" of ${subject} has no value: ${reason}`,
    details: { operation: subject, variables: variables.map(variable => variable.name), reasons: {} },
    pointer: authentication.fields.has(name) ? `${authentication.pointer}/${name}` : authentication.pointer,
  });
}

function declarationError({ pointer }: InboundAuthentication, subject: string, problem: string): CapabilityError {
  const message = `${subject} ${problem}`;
  const finding = { severity: "error", rule: "exposed-authentication", message, pointer } as const;
  return changeError(diagnosticsError("CAPABILITY_INVALID", "Cannot serve", [finding]), { pointer });
}
