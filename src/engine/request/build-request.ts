import { CapabilityError } from "../../base/capability-error.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { isExposed } from "../../base/plain-http.ts";
import { thrownText } from "../../base/thrown-text.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { SessionCredential } from "../authentication/sessions.ts";
import type { BindRequest, BindValues } from "../binds/bind-resolver.ts";
import { absentDefaults, fillDefaults } from "./default-inputs.ts";
import { requireNoVariables } from "./exposed-variables.ts";
import { parameterValue } from "./parameter-value.ts";
import { type CredentialTarget, placeCredential } from "./place-credential.ts";
import type { RequestPlan } from "./plan-request.ts";
import { rememberPlaces } from "./remember-places.ts";
import { renderBaseUri } from "./render-base-uri.ts";
import { joinQuery, renderPath, renderQuery } from "./render-path.ts";
import type { RenderScope } from "./render-template.ts";
import type { RequestDraft } from "./request-draft.ts";
import { requestInvalid } from "./request-error.ts";
import { joined } from "./template-references.ts";
import { TextBudget } from "./text-budget.ts";
import { writeBody } from "./write-body.ts";

/**
 * Returns the bind variables that a call with these inputs needs. A credential whose place the caller fills is not
 * needed.
 *
 * @param inputs the checked values by input key
 */
export function neededBinds(plan: RequestPlan, inputs: ReadonlyMap<string, unknown>): BindRequest {
  const { credential } = plan;
  const defaults = absentDefaults(plan.defaults, inputs);
  const isGiven = (key: string) => inputs.has(key) || defaults.some(({ input }) => input.key === key);
  const isNeeded = credential?.ok && !credential.rivals.some(isGiven);
  const needed = isNeeded ? plan.binds.withCredential : plan.binds.plain;
  // Few operations have defaults. Calls of the others gather no lists.
  return defaults.length === 0 ? needed : { ...needed, ...joined([needed, ...defaults]) };
}

/** Values for building from outside the capability. */
interface BuildContext {
  /** Receives the credentials. */
  readonly secrets: SecretMask;
  /** Whether variables and credentials may go over plain `http` to other hosts than this one. */
  readonly allowPlainHttp: boolean;
}

/** Request, with the rest of the work on it. */
export interface PreparedRequest {
  readonly request: HttpRequest;
  /** Credential to add while the request is sent. */
  readonly credential: SessionCredential | undefined;
}

/**
 * Builds the request of one call. Nothing is looked up and nothing is sent.
 *
 * @param inputs the checked values by input key
 * @param binds the values of {@link neededBinds}
 * @throws CapabilityError `INPUT_INVALID`, `INPUT_MISSING`, `BASE_URI_MISSING`, `REQUEST_INVALID`
 */
export function buildRequest(
  plan: RequestPlan,
  inputs: ReadonlyMap<string, unknown>,
  binds: BindValues,
  context: BuildContext,
): PreparedRequest {
  try {
    const filled = fillDefaults(plan, inputs, binds);
    const scope = { inputs: filled, binds, budget: new TextBudget() };
    const base = renderBaseUri(plan.operation, scope);
    const isRefused = !context.allowPlainHttp && isExposed(base);
    if (isRefused) requireNoVariables(plan, inputs, base);
    return writeRequest(plan, scope, { base, isRefused }, context.secrets);
  } catch (error) {
    if (error instanceof CapabilityError) throw error;
    // A value in a template or a body member holds itself, or is nested too deep.
    throw requestInvalid(plan.operation, thrownText(error), { cause: error });
  }
}

function writeRequest(
  plan: RequestPlan,
  scope: RenderScope,
  target: CredentialTarget,
  secrets: SecretMask,
): PreparedRequest {
  const { operation } = plan;
  if (secrets.hasShort) rememberPlaces(plan, scope, secrets);
  const draft: RequestDraft = {
    query: "",
    headers: { ...plan.defaultHeaders },
    cookie: "",
    wholeBody: undefined,
    bodyMembers: undefined,
  };
  const path = renderPath(plan, scope);
  for (const { parameter, write } of plan.parameters) {
    const value = parameterValue(operation, parameter, scope);
    if (value !== undefined) write(draft, value);
  }
  if (draft.cookie !== "") {
    const given = draft.headers["cookie"];
    draft.headers["cookie"] = given === undefined ? draft.cookie : `${given}; ${draft.cookie}`;
  }
  const body = writeBody(plan, draft, scope);
  const credential = placeCredential(plan, draft, target, scope, secrets);
  for (const name of plan.omitted) delete draft.headers[name];
  const query = joinQuery(renderQuery(plan, scope), draft.query);
  const request = {
    method: operation.method,
    url: query === "" ? target.base + path : `${target.base}${path}?${query}`,
    headers: draft.headers,
    ...(body === undefined ? {} : { body }),
  };
  return { request, credential };
}
