import type { Operation, Parameter } from "../capability/types.ts";
import { formText } from "./bodies/form.ts";
import { jsonText } from "./bodies/json.ts";
import { textBodyKind } from "./body-kinds.ts";
import { parameterInvalid } from "./input-error.ts";
import { isJsonType } from "./media-types.ts";
import type { RequestPlan } from "./plan-request.ts";
import type { RenderScope } from "./render-template.ts";
import type { RequestDraft } from "./request-draft.ts";
import { requestInvalid } from "./request-error.ts";

/**
 * The body of a request, `undefined` for none: the declared one, else what the body inputs make (language chapters 5.5,
 * 5.6). Sets the content type where no header has.
 *
 * @throws CapabilityError `INPUT_INVALID`, `REQUEST_INVALID`
 */
export function writeBody(plan: RequestPlan, draft: RequestDraft, scope: RenderScope): string | undefined {
  if (plan.body !== undefined) return writeDeclared(plan.operation, plan.body, draft, scope);
  if (draft.wholeBody !== undefined) return writeWhole(plan.operation, draft.wholeBody, draft);
  return draft.bodyMembers === undefined ? undefined : writeStructured(draft.bodyMembers, draft);
}

function writeDeclared(
  operation: Operation,
  body: NonNullable<RequestPlan["body"]>,
  draft: RequestDraft,
  scope: RenderScope,
): string | undefined {
  if (body.kind === undefined)
    throw requestInvalid(operation, `a body of type "${body.type}" is not supported yet`);
  const { kind, content, text } = body;
  const contentType = draft.headers["content-type"];
  if (text !== undefined && contentType !== undefined && !isJsonType(contentType))
    return textBodyKind(contentType).render(text, scope);
  const written = kind.render(content, scope);
  if (written !== undefined) draft.headers["content-type"] ??= kind.contentType;
  return written;
}

function writeWhole(
  operation: Operation,
  { parameter, value }: NonNullable<RequestDraft["wholeBody"]>,
  draft: RequestDraft,
): string {
  if (typeof value === "string" && isText(parameter, draft)) {
    draft.headers["content-type"] ??= "text/plain";
    return value;
  }
  try {
    return writeStructured(value, draft);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n", 1);
    throw parameterInvalid(operation, parameter, `cannot be written as JSON: ${reason}`);
  }
}

/** Tells whether a string is the body itself rather than a JSON value: its type or the content type says so. */
function isText({ type }: Parameter, { headers }: RequestDraft): boolean {
  const contentType = headers["content-type"];
  return type === "string" || (contentType !== undefined && !isJsonType(contentType));
}

/** A value as JSON, or as a form where the request's content type says so (language chapter 5.6). */
function writeStructured(value: unknown, draft: RequestDraft): string {
  draft.headers["content-type"] ??= "application/json";
  const contentType = draft.headers["content-type"];
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType);
  return isForm && typeof value === "object" && value !== null
    ? formText(value)
    : (jsonText(value) ?? "null");
}
