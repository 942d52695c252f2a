import { CapabilityError } from "../../base/capability-error.ts";
import { isJsonSeriesType, isJsonType } from "../../base/media-types.ts";
import type { DeclaredBody, Operation, Parameter } from "../../language/model/types.ts";
import type { BodyStream, RequestBody } from "../../net/http-request.ts";
import { isBinary, isContent } from "./binary-value.ts";
import { exactChunks } from "./bodies/exact-chunks.ts";
import { NonFiniteError, nonFinitePlace } from "./bodies/json.ts";
import { bodyKinds, textBodyKind } from "./body-kinds.ts";
import { givenText } from "./given-json.ts";
import { inputInvalid, parameterInvalid } from "./input-error.ts";
import type { RequestPlan } from "./plan-request.ts";
import { renderBody } from "./render-body.ts";
import type { RenderScope } from "./render-template.ts";
import type { RequestDraft } from "./request-draft.ts";
import { requestInvalid } from "./request-error.ts";
import { isStructuredType, type WrittenBody, writeStructured } from "./structured-body.ts";

/**
 * Returns the body of a request and sets its content type: the declared body, else one made of the body inputs (language
 * chapters 5.5, 5.6). `undefined` if there is no body.
 *
 * @throws CapabilityError `INPUT_INVALID`, `REQUEST_INVALID`
 */
export function writeBody(plan: RequestPlan, draft: RequestDraft, scope: RenderScope): RequestBody | undefined {
  const written = write(plan, draft, scope);
  if (written === undefined) return undefined;
  const { body, contentType } = written;
  draft.headers["content-type"] = contentType;
  return isContent(body) ? checkedStream(plan.operation, body) : body;
}

function write({ operation }: RequestPlan, draft: RequestDraft, scope: RenderScope): WrittenBody | undefined {
  const contentType = draft.headers["content-type"];
  const { body } = operation;
  try {
    if (body !== undefined) return writeDeclared(body, contentType, scope);
    if (draft.wholeBody !== undefined) return writeWhole(operation, draft.wholeBody, contentType);
    return draft.bodyMembers === undefined ? undefined : writeStructured(draft.bodyMembers, contentType);
  } catch (error) {
    for (const [name, value] of error instanceof NonFiniteError ? scope.inputs : []) {
      const place = nonFinitePlace(value);
      if (place !== undefined) throw inputInvalid(operation, name, `holds ${place}, which cannot be sent`, error);
    }
    throw error;
  }
}

function writeDeclared(
  { type, content, text }: DeclaredBody,
  contentType: string | undefined,
  scope: RenderScope,
): WrittenBody | undefined {
  if (text !== undefined && contentType !== undefined && !isJsonType(contentType)) {
    // The value of a single placeholder may be an object, which the content type has a form for.
    const value = content.kind === "value" ? renderBody(content, scope, { allowsBinary: true }) : undefined;
    if (isStructured(value) && isStructuredType(contentType)) return writeStructured(value, contentType);
    // JSON texts in a row are templates of JSON as well: what they hold is escaped.
    if (content.kind === "value" || !isJsonSeriesType(contentType))
      return textBodyKind(contentType).write(text, scope, contentType);
  }
  return bodyKinds[type].write(content, scope, contentType);
}

function writeWhole(
  operation: Operation,
  { parameter, value }: NonNullable<RequestDraft["wholeBody"]>,
  contentType: string | undefined,
): WrittenBody {
  if (isBinary(value)) {
    const own = (isContent(value) && value.type) || "application/octet-stream";
    return { body: value, contentType: contentType ?? own };
  }
  if (typeof value === "string" && isText(parameter, contentType))
    return { body: value, contentType: contentType ?? "text/plain" };
  const given = contentType === undefined || isJsonType(contentType) ? givenText(value) : undefined;
  if (given !== undefined) return { body: given, contentType: contentType ?? "application/json" };
  try {
    return writeStructured(value, contentType);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n", 1);
    throw parameterInvalid(operation, parameter, `cannot be written as ${contentType ?? "JSON"}: ${reason}`);
  }
}

function isStructured(value: unknown): boolean {
  return typeof value === "object" && value !== null && !isBinary(value);
}

/** Tells whether a string is the body itself rather than a JSON value: its type or the content type says so. */
function isText({ type }: Parameter, contentType: string | undefined): boolean {
  return type === "string" || (contentType !== undefined && !isJsonType(contentType));
}

/** Wraps a stream so that its errors name the operation. */
function checkedStream(operation: Operation, body: BodyStream): BodyStream {
  const { size, outline } = body;
  return {
    size,
    ...(outline === undefined ? {} : { outline }),
    async *stream() {
      try {
        yield* exactChunks(body, (body as { readonly name?: string }).name ?? "the body");
      } catch (error) {
        if (error instanceof CapabilityError) throw error;
        throw requestInvalid(operation, (error as Error).message, { cause: error });
      }
    },
  };
}
