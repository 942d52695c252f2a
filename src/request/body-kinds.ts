import type { BodyNode } from "../capability/types.ts";
import { formEncode, formText } from "./bodies/form.ts";
import { jsonText } from "./bodies/json.ts";
import { escapeXml } from "./bodies/xml.ts";
import { renderBody } from "./render-body.ts";
import type { RenderScope } from "./render-template.ts";

/** One `type` of a declared request body (language chapter 5.6). */
export interface BodyKind {
  readonly contentType: string;
  /** The body's text, or `undefined` for none. */
  render(content: BodyNode, scope: RenderScope): string | undefined;
}

const json: BodyKind = {
  contentType: "application/json",
  render(content, scope) {
    const value = renderBody(content, scope);
    // Text that was no JSON when the file was compiled is sent as it stands.
    return content.kind === "text" ? (value as string | undefined) : jsonText(value);
  },
};

const text: BodyKind = {
  contentType: "text/plain",
  render: (content, scope) => asText(renderBody(content, scope)),
};

const xml: BodyKind = {
  contentType: "application/xml",
  render: (content, scope) => asText(renderBody(content, scope, escapeXml)),
};

const sparql: BodyKind = {
  contentType: "application/sparql-query",
  render: (content, scope) => asText(renderBody(content, scope)),
};

const formUrlEncoded: BodyKind = {
  contentType: "application/x-www-form-urlencoded",
  render(content, scope) {
    return content.kind === "object"
      ? formText(renderBody(content, scope))
      : asText(renderBody(content, scope, formEncode));
  },
};

/** Every body kind by its `type`. */
export const bodyKinds: ReadonlyMap<string, BodyKind> = new Map([
  ["json", json],
  ["text", text],
  ["xml", xml],
  ["sparql", sparql],
  ["formUrlEncoded", formUrlEncoded],
]);

function asText(value: unknown): string | undefined {
  return typeof value === "string" || value === undefined ? value : jsonText(value);
}
