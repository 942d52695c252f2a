import { isMultipartFormType, isXmlType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import type { TypedRequestBody } from "../../language/document/document-types.ts";
import type { BodyNode } from "../../language/model/types.ts";
import { type BinaryValue, isBinary } from "./binary-value.ts";
import { formEncode, formText } from "./bodies/form.ts";
import { declaredParts } from "./bodies/form-parts.ts";
import { jsonText } from "./bodies/json.ts";
import { escapeXml } from "./bodies/xml.ts";
import { renderBody } from "./render-body.ts";
import { type RenderScope, renderJsonText } from "./render-template.ts";
import { type WrittenBody, writeParts, writeStructured } from "./structured-body.ts";

/** One `type` of a declared request body (language chapter 5.6). */
interface BodyKind {
  readonly contentType: string;
  /**
   * The body, or `undefined` for none.
   *
   * @param contentType what a header says
   * @throws Error with the reason, where the values make no body of this kind
   */
  write(content: BodyNode, scope: RenderScope, contentType: string | undefined): WrittenBody | undefined;
}

/** A kind whose body is text, or the bytes of one input, under whatever content type. */
function textKind(
  contentType: string,
  render: (content: BodyNode, scope: RenderScope) => string | BinaryValue | undefined,
): BodyKind {
  return {
    contentType,
    write(content, scope, given = contentType) {
      const body = render(content, scope);
      return body === undefined ? undefined : { body, contentType: given };
    },
  };
}

const json: BodyKind = {
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

const text = textKind("text/plain", (content, scope) =>
  asText(renderBody(content, scope, { allowsBinary: true })),
);

const xml = textKind("application/xml", (content, scope) =>
  asText(renderBody(content, scope, { escape: escapeXml })),
);

const sparql = textKind("application/sparql-query", (content, scope) => asText(renderBody(content, scope)));

const formUrlEncoded = textKind("application/x-www-form-urlencoded", (content, scope) =>
  content.kind === "object"
    ? formText(renderBody(content, scope) as object)
    : asText(renderBody(content, scope, { escape: formEncode })),
);

const multipartForm: BodyKind = {
  contentType: "multipart/form-data",
  write(content, scope, contentType) {
    if (contentType !== undefined && !isMultipartFormType(contentType))
      throw new Error(`a body of type multipartForm cannot be sent as ${JSON.stringify(contentType)}`);
    const parts = renderBody(content, scope, { allowsBinary: true });
    return Array.isArray(parts) ? writeParts(declaredParts(parts), contentType) : undefined;
  },
};

/** Every body kind by its `type`. */
export const bodyKinds: Readonly<Record<TypedRequestBody["type"], BodyKind>> = {
  json,
  text,
  xml,
  sparql,
  formUrlEncoded,
  multipartForm,
};

/** The kind of a body that is written as text, by the content type a header declares for it. */
export function textBodyKind(contentType: string): BodyKind {
  if (isXmlType(contentType)) return xml;
  const mediaType = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  return [sparql, formUrlEncoded].find(kind => kind.contentType === mediaType) ?? text;
}

function asText(value: unknown): string | BinaryValue | undefined {
  return typeof value === "string" || value === undefined || isBinary(value) ? value : jsonText(value);
}
