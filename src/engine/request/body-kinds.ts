import { isXmlType } from "../../base/media-types.ts";
import type { TypedRequestBody } from "../../language/document/document-types.ts";
import type { BodyKind } from "./body-kind.ts";
import { formUrlEncoded } from "./body-kinds/form-url-encoded.ts";
import { json } from "./body-kinds/json.ts";
import { multipartForm } from "./body-kinds/multipart-form.ts";
import { sparql } from "./body-kinds/sparql.ts";
import { text } from "./body-kinds/text.ts";
import { xml } from "./body-kinds/xml.ts";

/** Body kinds by `type`. */
export const bodyKinds: Readonly<Record<TypedRequestBody["type"], BodyKind>> = {
  json,
  text,
  xml,
  sparql,
  formUrlEncoded,
  multipartForm,
};

/** Returns the kind of a body that is written as text, by the content type of a header parameter. */
export function textBodyKind(contentType: string): BodyKind {
  if (isXmlType(contentType)) return xml;
  const mediaType = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  return [sparql, formUrlEncoded].find(kind => kind.contentType === mediaType) ?? text;
}
