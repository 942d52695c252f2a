import { utf8Text } from "../../base/body-text.ts";
import { isCapabilityError } from "../../base/capability-error.ts";
import { isJsonType } from "../../base/media-types.ts";
import { onePiece } from "../../base/one-piece.ts";
import type { Shape } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";

import { undecodedResponse } from "../response/decode-response.ts";
import { fieldOf } from "../response/header-field.ts";
import { receivedBody } from "../response/require-success.ts";
import { isRoot, type OutputShaper } from "./compile-shape.ts";
import type { Scope } from "./scope.ts";
import type { StepFailure, UnitAnswer, UnitBytes } from "./unit-answer.ts";
import type { BytesReply, ValueReply } from "./unit-host.ts";

const NO_FAILURES: readonly StepFailure[] = [];

/** Returns the answer that is made of the decoded answer to a single call. */
export function valueAnswer(
  { method }: Operation,
  { status, body, outputs }: ValueReply,
  hasNamed: boolean,
  shape: OutputShaper | undefined,
  scope: Scope,
): UnitAnswer {
  if (status === 204 || status === 205 || method === "HEAD")
    return { kind: "value", status, value: null, isEmpty: true, failures: NO_FAILURES };
  const value = shape === undefined ? body : shape({ root: body, named: hasNamed ? outputs : undefined, scope });
  return { kind: "value", status, value, isEmpty: false, failures: NO_FAILURES };
}

/** Returns the answer to a single call as the API gave it. */
export function bytesAnswer(answer: BytesReply): UnitBytes {
  const { status, headers, body, pieces, close } = answer;
  return { kind: "bytes", status, headers, contentType: fieldOf(headers, "content-type"), body, pieces, close };
}

/** Tells whether the only output is the whole body, of whatever type (language chapter 11, row 25). */
export function isWholeBody(outputs: readonly Shape[]): boolean {
  const [only] = outputs;
  if (only === undefined || only.maxLength !== undefined) return false;
  return (only.type === "object" || only.type === "any") && isOfWholeBody(outputs);
}

/** Tells whether the only output is made of the whole body, and not of parts of it. */
export function isOfWholeBody(outputs: readonly Shape[]): boolean {
  const [only] = outputs;
  if (outputs.length !== 1 || only === undefined || only.name !== undefined) return false;
  const { source, properties, items, values } = only;
  const isOfRoot = source === undefined || (source.kind === "path" && isRoot(source.path));
  return isOfRoot && (properties === undefined || properties.size === 0) && items === undefined && values === undefined;
}

/** Returns the answer whose only output is the whole body, without reading it: JSON stays as the API wrote it. */
export function wholeAnswer(answer: BytesReply): UnitBytes {
  const found = bytesAnswer(answer);
  return isJson(found) ? { ...found, contentType: "application/json" } : found;
}

const CHARSET = /;\s*charset\s*=\s*"?(?!utf-8)/i;

/** Tells whether a body is JSON in UTF-8. What no type says, the body does: few servers forget it for other bodies. */
function isJson({ contentType, body }: UnitBytes): boolean {
  if (contentType !== undefined && CHARSET.test(contentType)) return false;
  if (contentType !== undefined && isJsonType(contentType)) return true;
  if (body === undefined || body.length === 0) return false;
  try {
    JSON.parse(utf8Text(body));
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the answer of an API that is an error or a redirect that was not followed, as it gave it.
 *
 * @throws the error, if it is another one
 */
export function passError(error: unknown): UnitBytes {
  const body = isCapabilityError(error, "HTTP_STATUS") ? receivedBody(error) : undefined;
  if (body === undefined || !isCapabilityError(error, "HTTP_STATUS")) throw error;
  return bodyAnswer(error.details, body);
}

/**
 * Returns an answer that could not be decoded as the API gave it (language chapter 5.8).
 *
 * @throws the error, if it is another one
 */
export function passUndecoded(error: unknown): UnitBytes {
  const response = isCapabilityError(error, "RESPONSE_INVALID") ? undecodedResponse(error) : undefined;
  if (response === undefined) throw error;
  return bodyAnswer(response, response.body);
}

function bodyAnswer({ status, headers }: Pick<UnitBytes, "status" | "headers">, body: Uint8Array): UnitBytes {
  const contentType = fieldOf(headers, "content-type");
  return { kind: "bytes", status, headers, contentType, body, pieces: onePiece(body), close: () => undefined };
}
