import { escapeXml } from "../bodies/xml.ts";
import { type BodyKind, textKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";

/** XML, whose placeholders are escaped. */
export const xml: BodyKind = textKind("application/xml", (content, scope) =>
  renderBody(content, scope, { escape: escapeXml }),
);
