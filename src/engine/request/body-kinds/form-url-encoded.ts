import { formEncode, formText } from "../bodies/form.ts";
import { type BodyKind, textKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";

/** A form in pairs: of an object, or a text whose placeholders are encoded. */
export const formUrlEncoded: BodyKind = textKind("application/x-www-form-urlencoded", (content, scope) =>
  content.kind === "object"
    ? formText(renderBody(content, scope) as object)
    : renderBody(content, scope, { escape: formEncode }),
);
