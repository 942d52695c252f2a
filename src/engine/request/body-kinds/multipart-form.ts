import { isMultipartFormType } from "../../../base/media-types.ts";
import { declaredParts } from "../bodies/form-parts.ts";
import type { BodyKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";
import { writeParts } from "../structured-body.ts";

/** A form in parts (RFC 7578). */
export const multipartForm: BodyKind = {
  contentType: "multipart/form-data",
  hasParts: true,
  write(content, scope, contentType) {
    if (contentType !== undefined && !isMultipartFormType(contentType))
      throw new Error(`a body of type multipartForm cannot be sent as ${JSON.stringify(contentType)}`);
    const parts = renderBody(content, scope, { allowsBinary: true });
    return Array.isArray(parts) ? writeParts(declaredParts(parts), contentType) : undefined;
  },
};
