import { parseJson } from "../../../base/parse-json.ts";
import type { BodyKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";
import { renderJsonText } from "../render-template.ts";
import { writeStructured } from "../structured-body.ts";

/** JSON. Under the content type of a form or of XML, its value is written in that form. */
export const json: BodyKind = {
  contentType: "application/json",
  write(content, scope, contentType = "application/json") {
    if (content.kind !== "text" || content.quoted === undefined) {
      const value = renderBody(content, scope);
      return value === undefined ? undefined : writeStructured(value, contentType);
    }
    const body = renderJsonText(content.template, content.quoted, scope);
    const parsed = parseJson(body);
    if (!parsed.ok) throw new SyntaxError(`the body is not JSON: ${parsed.reason}`);
    return { body, contentType };
  },
};
