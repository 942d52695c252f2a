import { isObject } from "../../base/json-object.ts";
import {
  isFormType,
  isJsonLinesType,
  isJsonSequenceType,
  isMultipartFormType,
  isXmlType,
} from "../../base/media-types.ts";
import type { RequestBody } from "../../net/http-request.ts";
import { isBinary } from "./binary-value.ts";
import { formText } from "./bodies/form.ts";
import { memberParts } from "./bodies/form-parts.ts";
import { jsonText } from "./bodies/json.ts";
import { jsonLines, jsonSequence } from "./bodies/json-lines.ts";
import { type FormPart, multipartBody, newBoundary } from "./bodies/multipart.ts";
import { xmlText } from "./bodies/xml.ts";

/** A body, and the content type that it was written for. */
export interface WrittenBody {
  readonly body: RequestBody;
  readonly contentType: string;
}

/** Form that objects have under some content types. */
interface ObjectForm {
  readonly isOf: (contentType: string) => boolean;
  readonly holdsFiles?: true;
  write(value: object, contentType: string): WrittenBody;
}

/** The forms besides one JSON text. */
const forms: readonly ObjectForm[] = [
  {
    isOf: isMultipartFormType,
    holdsFiles: true,
    write: (value, contentType) => writeParts(memberParts(value), contentType),
  },
  { isOf: isFormType, write: (value, contentType) => ({ body: formText(value), contentType }) },
  { isOf: isXmlType, write: (value, contentType) => ({ body: xmlText(value), contentType }) },
  { isOf: isJsonLinesType, write: (value, contentType) => ({ body: jsonLines(value), contentType }) },
  { isOf: isJsonSequenceType, write: (value, contentType) => ({ body: jsonSequence(value), contentType }) },
];

/**
 * Writes a value as its content type asks: an object as a form, a form in parts or XML, an array as a JSON text for each
 * item, anything else as JSON (language chapter 5.6).
 *
 * @throws Error for a value that the content type cannot hold
 */
export function writeStructured(value: unknown, contentType: string = "application/json"): WrittenBody {
  if (!isObject(value)) return { body: jsonText(value) ?? "null", contentType };
  const form = forms.find(({ isOf }) => isOf(contentType));
  if (!form?.holdsFiles) {
    for (const name in value) {
      if (isBinary(value[name])) throw new Error(`${name} is a file, which only multipart/form-data can hold`);
    }
  }
  return form?.write(value, contentType) ?? { body: jsonText(value) ?? "null", contentType };
}

/** Tells whether objects have a form of their own under a content type, besides JSON. */
export function isStructuredType(contentType: string): boolean {
  return forms.some(({ isOf }) => isOf(contentType));
}

/** Writes a form in parts, under a boundary of its own or the one that the content type names. */
export function writeParts(parts: readonly FormPart[], contentType: string = "multipart/form-data"): WrittenBody {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const given = quoted ?? bare;
  const boundary = given ?? newBoundary();
  return {
    body: multipartBody(parts, boundary),
    contentType: given === undefined ? `${contentType}; boundary=${boundary}` : contentType,
  };
}
