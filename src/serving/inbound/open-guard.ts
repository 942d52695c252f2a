import { CapabilityError, changeError, isCapabilityError } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";
import { renderText } from "../../engine/request/render-template.ts";
import { references } from "../../engine/request/template-references.ts";
import type { ExposedAdapter, InboundAuthentication } from "../../language/model/exposed/types.ts";
import type { Template } from "../../language/model/types.ts";
import { type TenantSource, tenantOfHeader } from "../tenant/tenant-source.ts";
import { callerId } from "./caller-id.ts";
import type { Caller, Guard, GuardContext, GuardedRuntime, RequestHead } from "./guard.ts";
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
 * @param tenants what tells the tenant of a caller, who has to have one. `undefined`: there are none
 * @throws CapabilityError `BIND_MISSING` for a secret without a value, naming adapter, field and variable;
 *   `CAPABILITY_INVALID` for a declaration that can admit nobody
 */
export function openGuard(
  adapter: GuardedAdapter,
  runtime: GuardedRuntime,
  report: GuardContext["report"],
  tenants?: TenantSource,
): Promise<Guard> {
  return runtime.perform(async () => {
    const { authentication } = adapter;
    const lack = tenants && tenantLack(tenants, authentication);
    if (lack !== undefined) throw withoutTenants(adapter, lack);
    if (authentication === undefined) return OPEN;
    const kind = inboundKinds[authentication.type];
    const subject = subjectOf(adapter, authentication);
    // Keys of tenants take the place of the one that is declared.
    const values = tenants?.kind === "apiKeys" ? {} : await valuesOf(authentication, kind, subject, runtime);
    const context = { session: runtime.session, servesMetadata: adapter.type === "mcp", tenants, report };
    const problem = kind.problem(authentication, values, context);
    if (problem !== undefined) throw declarationError(authentication, subject, problem);
    const guard = await kind.open(authentication, values, context);
    return tenants?.kind === "header" ? withTenantOfHeader(guard, tenants.name) : guard;
  });
}

/** Returns why callers of an adapter cannot tell their tenant, as the end of a sentence. */
function tenantLack({ kind }: TenantSource, authentication: InboundAuthentication | undefined): string | undefined {
  if (authentication === undefined) return "it has no authentication: anybody could be any tenant";
  const { type } = authentication;
  if (kind === "claim" && type !== "oauth2")
    return `claims are those of access tokens, and its authentication is ${type}`;
  if (kind === "apiKeys" && type !== "apikey" && type !== "bearer")
    return `keys are for the authentication apikey or bearer, and its authentication is ${type}`;
  return undefined;
}

function withoutTenants({ type, namespace, authentication, pointer }: GuardedAdapter, lack: string): CapabilityError {
  const subject = `the callers of ${type} adapter${namespace === undefined ? "" : ` "${namespace}"`}`;
  const place = authentication?.pointer ?? pointer;
  const message = `${subject} cannot tell their tenant: ${lack}`;
  const finding = { severity: "error", rule: "exposed-authentication", message, pointer: place } as const;
  return changeError(diagnosticsError("CAPABILITY_INVALID", "Cannot serve", [finding]), { pointer: place });
}

/** Adds the tenant that a gateway names. It is a part of who the caller is. */
function withTenantOfHeader(guard: Guard, name: string): Guard {
  const withTenant = ({ id }: Caller, { headers }: RequestHead): Caller => {
    const tenant = tenantOfHeader(headers[name], name);
    return { id: callerId("tenant", JSON.stringify([tenant, id])), tenant };
  };
  return {
    ...guard,
    admit(request) {
      const admitted = guard.admit(request);
      return admitted instanceof Promise
        ? admitted.then(caller => withTenant(caller, request))
        : withTenant(admitted, request);
    },
  };
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
