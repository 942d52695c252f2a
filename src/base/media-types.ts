/**
 * Tells whether a content type is one JSON text: `application/json`, anything `+json` (RFC 6839), and the names of AWS.
 * Several texts in a row are not.
 */
export function isJsonType(contentType: string): boolean {
  return (
    /^\s*[\w.+-]+\/(?:(?:[\w.-]+\+|x-)?json|x-amz-json-\d+\.\d+)\s*(?:;|$)/i.test(contentType) &&
    !isJsonLinesType(contentType)
  );
}

/** Tells whether a content type is XML: `application/xml`, `text/xml` or anything `+xml` (RFC 7303). */
export function isXmlType(contentType: string): boolean {
  return /^\s*(?:(?:application|text)\/xml|[\w.+-]+\/[\w.-]+\+xml)\s*(?:;|$)/i.test(contentType);
}

/** Tells whether a content type is that of a form in pairs. */
export function isFormType(contentType: string): boolean {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(contentType);
}

/** Tells whether a content type is that of a form in parts (RFC 7578). */
export function isMultipartFormType(contentType: string): boolean {
  return /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType);
}

/** Tells whether a content type is that of JSON texts, one to a line. */
export function isJsonLinesType(contentType: string): boolean {
  return /^\s*(?:(?:application|text)\/(?:x-)?(?:ndjson|ldjson|jsonl|json-?lines)|application\/stream\+json)\s*(?:;|$)/i.test(
    contentType,
  );
}

/** Tells whether a content type is that of JSON texts behind record separators (RFC 7464). */
export function isJsonSequenceType(contentType: string): boolean {
  return /^\s*application\/(?:[\w.-]+\+)?json-seq\s*(?:;|$)/i.test(contentType);
}

/** Tells whether a content type is that of several JSON texts in a row. */
export function isJsonSeriesType(contentType: string): boolean {
  return isJsonLinesType(contentType) || isJsonSequenceType(contentType);
}
