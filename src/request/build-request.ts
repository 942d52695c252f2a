import type { BindRequest, BindValues } from "../binds/bind-resolver.ts";
import type { Operation, Parameter } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import type { SecretMask } from "../error/mask-secrets.ts";
import { baseUriProblem } from "../expression/base-uri.ts";
import { formText } from "./bodies/form.ts";
import { jsonText } from "./bodies/json.ts";
import type { HttpRequest, RequestDraft } from "./http-request.ts";
import { inputInvalid } from "./input-error.ts";
import { headerValueProblem } from "./locations/header.ts";
import { encodePathValue, refuseDotSegments } from "./locations/path.ts";
import type { RequestPlan } from "./plan-request.ts";
import { type RenderScope, renderText, renderValue } from "./render-template.ts";
import { percentEncode, scalarText } from "./scalar-text.ts";

/**
 * The bind variables that a call with these inputs needs: a credential whose place the caller fills is not needed.
 *
 * @param inputs the checked values by input key
 */
export function neededBinds(plan: RequestPlan, inputs: ReadonlyMap<string, unknown>): BindRequest {
  const { operation, variables, undeclared, credential } = plan;
  if (!credential?.ok || isReplaced(credential.rivals, inputs)) {
    return { operation: operation.name, variables, undeclared };
  }
  return {
    operation: operation.name,
    variables: [...variables, ...credential.variables],
    undeclared: [...undeclared, ...credential.undeclared],
  };
}

/**
 * Builds the request of one call. Nothing is looked up and nothing is sent.
 *
 * @param inputs the checked values by input key
 * @param binds the values of {@link neededBinds}
 * @param secrets learns credentials that are derived from binds
 * @throws CapabilityError `INPUT_INVALID`, `BASE_URI_MISSING`, `REQUEST_INVALID`
 */
export function buildRequest(
  plan: RequestPlan,
  inputs: ReadonlyMap<string, unknown>,
  binds: BindValues,
  secrets: SecretMask,
): HttpRequest {
  const { operation } = plan;
  const scope: RenderScope = { inputs, binds };
  const draft: RequestDraft = {
    query: "",
    headers: { ...plan.defaultHeaders },
    cookie: "",
    wholeBody: undefined,
    bodyMembers: undefined,
  };
  const base = renderBaseUri(operation, scope);
  const path = renderPath(plan, scope);
  draft.query = renderQuery(plan, scope);
  for (const { parameter, write } of plan.parameters) {
    const value = parameterValue(parameter, scope);
    if (value !== undefined) write(draft, value);
    else if (parameter.required && parameter.source.kind === "template")
      throw emptyParameter(operation, parameter);
  }
  if (draft.cookie !== "") {
    const given = draft.headers["cookie"];
    draft.headers["cookie"] = given === undefined ? draft.cookie : `${given}; ${draft.cookie}`;
  }
  const body = writeBody(plan, draft, scope);
  placeCredential(plan, draft, scope, secrets);
  return {
    method: operation.method,
    url: draft.query === "" ? base + path : `${base}${path}?${draft.query}`,
    headers: draft.headers,
    ...(body === undefined ? {} : { body }),
  };
}

function isReplaced(rivals: readonly string[], inputs: ReadonlyMap<string, unknown>): boolean {
  return rivals.some(key => inputs.has(key));
}

function parameterValue({ source }: Parameter, scope: RenderScope): unknown {
  switch (source.kind) {
    case "input":
      return scope.inputs.get(source.key);
    case "constant":
      return source.value;
    case "template":
      return renderValue(source.template, scope);
  }
}

function emptyParameter(operation: Operation, { name }: Parameter): CapabilityError {
  return new CapabilityError("INPUT_MISSING", {
    message: `Cannot build request for operation "${operation.name}": the template of required parameter "${name}" has no value`,
    details: { operation: operation.name, inputs: [name] },
  });
}

/** Characters a value may have in a base URI: those of a host name (language chapter 5.2, rule 5). */
const HOST_CHARACTERS = /^[A-Za-z0-9.-]+$/;

function renderBaseUri(operation: Operation, scope: RenderScope): string {
  const { baseUri, namespace } = operation.adapter;
  if (baseUri.kind === "constant") return baseUri.url;
  if (baseUri.kind === "empty") {
    throw new CapabilityError("BASE_URI_MISSING", {
      message: `Cannot prepare operation "${operation.name}": the file leaves the base URI of "${namespace}" empty; give one with --base-uri ${namespace}=https://… or the option baseUri`,
      details: { operation: operation.name, namespace },
      pointer: `${operation.adapter.pointer}/baseUri`,
    });
  }
  if (baseUri.kind === "invalid") throw invalidBaseUri(operation, baseUri.text, baseUri.reason);

  let text = "";
  for (const part of baseUri.template.parts) {
    if (typeof part === "object" && part.kind === "input") {
      const value = scope.inputs.get(part.name);
      const written = scalarText(value, problem => inputInvalid(operation, part.name, problem));
      if (!HOST_CHARACTERS.test(written) || /^\.{1,2}$/.test(written)) {
        throw inputInvalid(
          operation,
          part.name,
          `stands in the base URI, where only letters, digits, "." and "-" may: found ${JSON.stringify(written)}`,
        );
      }
      text += written;
    } else {
      text += typeof part === "string" ? part : (renderText({ text: "", parts: [part] }, scope) ?? "");
    }
  }
  const reason = baseUriProblem(text);
  if (reason !== undefined) throw invalidBaseUri(operation, baseUri.text, reason);
  return text.replace(/\/+$/, "");
}

function invalidBaseUri(operation: Operation, text: string, reason: string): CapabilityError {
  return new CapabilityError("REQUEST_INVALID", {
    message: `Cannot prepare operation "${operation.name}": the base URI ${JSON.stringify(text)} ${reason}`,
    details: { operation: operation.name },
    pointer: `${operation.adapter.pointer}/baseUri`,
  });
}

function renderPath({ operation, path }: RequestPlan, scope: RenderScope): string {
  let text = "";
  let literal = "";
  let suspect: Parameter | undefined;
  for (const part of path) {
    if (typeof part === "string") {
      text += part;
      literal += part;
      continue;
    }
    const value = parameterValue(part, scope);
    const encoded = encodePathValue(operation, part, value ?? "");
    // Only values of dots can complete a dot segment: anything else in a segment keeps it from being one.
    if (encoded === "." || encoded === "..") suspect = part;
    text += encoded;
  }
  if (suspect !== undefined) refuseDotSegments(operation, suspect, text, literal);
  return text;
}

function renderQuery({ operation, query }: RequestPlan, scope: RenderScope): string {
  let text = "";
  for (const part of query) {
    if (typeof part === "string") text += part;
    else {
      const invalid = (problem: string) => inputInvalid(operation, part.name, problem);
      const value = parameterValue(part, scope);
      if (value !== undefined) text += percentEncode(scalarText(value, invalid), invalid);
    }
  }
  return text;
}

function writeBody(plan: RequestPlan, draft: RequestDraft, scope: RenderScope): string | undefined {
  const { operation } = plan;
  if (plan.body !== undefined) {
    if (plan.body.kind === undefined) {
      throw new CapabilityError("REQUEST_INVALID", {
        message: `Cannot prepare operation "${operation.name}": a body of type "${plan.body.type}" is not supported yet`,
        details: { operation: operation.name },
      });
    }
    const text = plan.body.kind.render(plan.body.content, scope);
    if (text !== undefined) draft.headers["content-type"] ??= plan.body.kind.contentType;
    return text;
  }
  if (draft.wholeBody !== undefined) {
    const { value, text } = draft.wholeBody;
    if (!text) return writeStructured(operation, draft, "body", value);
    draft.headers["content-type"] ??= "text/plain";
    return scalarText(value, problem => inputInvalid(operation, "body", problem));
  }
  return draft.bodyMembers === undefined
    ? undefined
    : writeStructured(operation, draft, "body", draft.bodyMembers);
}

/** An object as JSON, or as a form where the request's content type says so (language chapter 5.6). */
function writeStructured(operation: Operation, draft: RequestDraft, input: string, value: unknown): string {
  const contentType = (draft.headers["content-type"] ??= "application/json");
  if (
    typeof value === "object" &&
    value !== null &&
    /^application\/x-www-form-urlencoded\b/i.test(contentType)
  ) {
    return formText(value);
  }
  try {
    return jsonText(value) ?? "null";
  } catch (error) {
    // A cycle, a BigInt, or nesting beyond the stack.
    throw inputInvalid(operation, input, `cannot be written as JSON: ${firstLine((error as Error).message)}`);
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function placeCredential(
  plan: RequestPlan,
  draft: RequestDraft,
  scope: RenderScope,
  secrets: SecretMask,
): void {
  const { credential, operation } = plan;
  if (credential === undefined) return;
  if (!credential.ok) throw credentialError(operation, credential.reason);
  if (isReplaced(credential.rivals, scope.inputs)) return;
  const values: Record<string, string> = {};
  for (const [name, template] of credential.fields) {
    const value = renderText(template, scope);
    if (value === undefined || value === "") throw credentialError(operation, `its "${name}" is empty`);
    values[name] = value;
  }
  const text = credential.kind.credential(values);
  secrets.add(text.slice(text.indexOf(" ") + 1));
  if (credential.place.in === "query") {
    const pair = `${percentEncode(credential.place.name)}=${percentEncode(text)}`;
    draft.query = draft.query === "" ? pair : `${draft.query}&${pair}`;
    return;
  }
  const problem = headerValueProblem(text);
  if (problem !== undefined) throw credentialError(operation, `the credential ${problem}`);
  draft.headers[credential.place.name] = text;
}

function credentialError(operation: Operation, reason: string): CapabilityError {
  return new CapabilityError("REQUEST_INVALID", {
    message: `Cannot prepare operation "${operation.name}": ${reason}`,
    details: { operation: operation.name },
    pointer: operation.adapter.authentication?.pointer ?? operation.adapter.pointer,
  });
}
