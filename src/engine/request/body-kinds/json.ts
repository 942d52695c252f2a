import { isJsonSeriesType } from "../../../base/media-types.ts";
import { parseJson } from "../../../base/parse-json.ts";
import type { BodyKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";
import { renderJsonText } from "../render-template.ts";
import { writeStructured } from "../structured-body.ts";

/**
 * JSON. Under the content type of a form, of XML or of JSON texts in a row, its value is written in that form; a text that
 * is such a row is sent as it is.
 */
export const json: BodyKind = {
  contentType: "application/json",
  write(content, scope, contentType = "application/json") {
    if (content.kind !== "text" || content.quoted === undefined) {
      const value = renderBody(content, scope);
      return value === undefined ? undefined : writeStructured(value, contentType);
    }
    const body = renderJsonText(content.template, content.quoted, scope);
    if (isJsonSeriesType(contentType)) {
      const one = parseJson(body, "written");
      return one.ok ? writeStructured(one.value, contentType) : { body, contentType };
    }
    const parsed = parseJson(body);
    if (!parsed.ok) throw new SyntaxError(`the body is not JSON: ${parsed.reason}`);
    return { body, contentType };
  },
};
