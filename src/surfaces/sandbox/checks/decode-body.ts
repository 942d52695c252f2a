import { formValue } from "../../../base/form-value.ts";
import { isFormType, isJsonType } from "../../../base/media-types.ts";
import { parseJson } from "../../../base/parse-json.ts";
import { requireShallow } from "../../../engine/formats/json-bounds.ts";
import { badRequest } from "../api-error.ts";

/** The form that an operation expects of request bodies. */
export type BodyForm =
  /** A JSON document. `allowsOther`: or any other body, because the operation has an input for its type. */
  | { readonly kind: "json"; readonly allowsOther: boolean }
  | { readonly kind: "form" }
  | { readonly kind: "text" }
  /** No body is declared: any body is accepted. */
  | { readonly kind: "undeclared" };

/**
 * Decodes a body that is not empty: JSON as its value, a form as an object of texts, any other body as text.
 *
 * @throws ApiError 400 for JSON that is malformed or nested too deeply
 */
export function decodeBody(body: Uint8Array, contentType: string, form: BodyForm): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  switch (form.kind) {
    case "text":
      return text;
    case "form":
      return formValue(text);
    case "json":
      if (isOpaque(form, contentType)) return text;
      return form.allowsOther && isFormType(contentType) ? formValue(text) : jsonValue(text);
    case "undeclared":
      if (isJsonType(contentType)) return jsonValue(text);
      return isFormType(contentType) ? formValue(text) : text;
  }
}

/** Returns whether a body is of a kind that is not checked: a form in parts, XML, JSON in lines, a file. */
export function isOpaque(form: BodyForm, contentType: string): boolean {
  if (form.kind !== "json" || !form.allowsOther || contentType === "") return false;
  return !isJsonType(contentType) && !isFormType(contentType);
}

/** Deeper JSON would exhaust the stack when it is written again. */
const DEEPEST_JSON = 200;

function jsonValue(text: string): unknown {
  try {
    requireShallow(text, DEEPEST_JSON);
  } catch {
    throw badRequest(`The body is nested more than ${DEEPEST_JSON} levels deep`);
  }
  const parsed = parseJson(text, "written");
  if (!parsed.ok) throw badRequest(`The body is not JSON: ${parsed.reason}`);
  return parsed.value;
}
