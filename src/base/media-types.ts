/** Tells whether a content type is JSON: `application/json` or anything `+json` (RFC 6839). */
export function isJsonType(contentType: string): boolean {
  return /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
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
