import { type BodyKind, textKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";

/** Text as it is, or the bytes of one input. */
export const text: BodyKind = textKind("text/plain", (content, scope) =>
  renderBody(content, scope, { allowsBinary: true }),
);
