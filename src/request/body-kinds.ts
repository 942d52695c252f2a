import type { BodyNode } from "../capability/types.ts";
import { parseJson } from "../expression/parse-json.ts";
import { formEncode, formText } from "./bodies/form.ts";
import { jsonText } from "./bodies/json.ts";
import { escapeXml } from "./bodies/xml.ts";
import { renderBody } from "./render-body.ts";
import { type RenderScope, renderJsonText } from "./render-template.ts";

/** One `type` of a declared request body (language chapter 5.6). */
export interface BodyKind {
  readonly contentType: string;
  /**
   * The body's text, or `undefined` for none.
   *
   * @throws Error with the reason, where the values make no body of this kind
   */
  render(content: BodyNode, scope: RenderScope): string | undefined;
}

const json: BodyKind = {
  contentType: "application/json",
  render(content, scope) {
    if (content.kind !== "text" || content.quoted === undefined) return jsonText(renderBody(content, scope));
    const text = renderJsonText(content.template, content.quoted, scope);
    const parsed = parseJson(text);
    if (!parsed.ok) throw new SyntaxError(`the body is not JSON: ${parsed.reason}`);
    return text;
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
      ? formText(renderBody(content, scope) as object)
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

/** The kind of a body that is written as text, by the content type a header declares for it. */
export function textBodyKind(contentType: string): BodyKind {
  const mediaType = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  // RFC 7303: `application/xml`, the older `text/xml`, and types of XML formats such as `application/soap+xml`.
  if (/^(?:application|text)\/xml$|\+xml$/.test(mediaType)) return xml;
  return [...bodyKinds.values()].find(kind => kind.contentType === mediaType) ?? text;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" || value === undefined ? value : jsonText(value);
}
