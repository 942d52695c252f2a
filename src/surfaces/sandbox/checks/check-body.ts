import { isJsonObject, isObject, member } from "../../../base/json-object.ts";
import type { Operation, Parameter } from "../../../language/model/types.ts";
import { ApiError, quote } from "../api-error.ts";
import { headerText, type RequestHeaders } from "../messages.ts";
import { type BodyForm, decodeBody, isOpaque } from "./decode-body.ts";
import { typeName, valueFits } from "./fits-type.ts";

/** The result of checking a body: its value, `undefined` for an empty one, or the problem. */
type BodyResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

/** Decodes the body of a request and checks it against what an operation declares. */
export function checkBody(operation: Operation, body: Uint8Array, headers: RequestHeaders): BodyResult {
  const parameters = operation.parameters.filter(parameter => parameter.in === "body");
  if (body.length === 0) {
    const problem = missingProblem(operation, parameters);
    return problem === undefined ? { ok: true, value: undefined } : { ok: false, problem };
  }
  const form = bodyForm(operation, parameters);
  const contentType = headerText(headers, "content-type") ?? "";
  let value: unknown;
  try {
    value = decodeBody(body, contentType, form);
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, problem: error.message };
    throw error;
  }
  const isLookedInto = operation.body === undefined && !isOpaque(form, contentType);
  const problem = isLookedInto ? valueProblem(parameters, value) : undefined;
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}

function bodyForm({ body, parameters }: Operation, inBody: readonly Parameter[]): BodyForm {
  if (body !== undefined) {
    if (body.type === "formUrlEncoded") return { kind: "form" };
    // A JSON template that was not JSON when it was compiled is sent as text.
    const { type, content } = body;
    const isJson = content.kind !== "text" || content.template.parts.every(part => typeof part === "string");
    return type === "json" && isJson ? { kind: "json", allowsOther: false } : { kind: "text" };
  }
  if (inBody.length === 0) return { kind: "undeclared" };
  if (inBody.some(parameter => parameter.name === "body" && parameter.type === "string")) return { kind: "text" };
  const allowsOther = parameters.some(
    ({ in: place, name }) => place === "header" && name.toLowerCase() === "content-type",
  );
  return { kind: "json", allowsOther };
}

function missingProblem({ body }: Operation, parameters: readonly Parameter[]): string | undefined {
  // A body that is one placeholder without a value is not sent.
  if (body !== undefined) return body.content.kind === "value" ? undefined : "A body is required";
  const required = parameters.find(parameter => parameter.required);
  if (required === undefined) return undefined;
  return required.name === "body" ? "A body is required" : `Body member ${quote(required.name)} is required`;
}

function valueProblem(parameters: readonly Parameter[], value: unknown): string | undefined {
  const whole = parameters.find(parameter => parameter.name === "body");
  if (whole !== undefined) return wholeProblem(whole, value);
  if (parameters.length === 0) return undefined;
  if (!isJsonObject(value)) return "The body must be a JSON object";
  for (const { name, type, required, source } of parameters) {
    const given = member(value, name);
    if (given === undefined) {
      // A form has the members of an object under names of their own.
      if (Object.keys(value).some(key => key.startsWith(`${name}[`))) continue;
      if (required || source.kind === "constant") return `Body member ${quote(name)} is required`;
    } else if (source.kind === "constant") {
      if (String(given) !== String(source.value))
        return `Body member ${quote(name)} must be ${quote(String(source.value))}`;
    } else if (given !== null && !valueFits(type, given)) return `Body member ${quote(name)} must be ${typeName(type)}`;
  }
  return undefined;
}

/** Checks the whole body. Files declare "object" for nearly every body, even if the API takes an array. */
function wholeProblem({ type }: Parameter, value: unknown): string | undefined {
  if (type !== "object" && type !== "array") {
    return valueFits(type, value) ? undefined : `The body must be ${typeName(type)}`;
  }
  return isObject(value) ? undefined : "The body must be a JSON object or array";
}
