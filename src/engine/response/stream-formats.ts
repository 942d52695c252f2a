import { member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";
import type { HttpResponse, ResponseHead } from "../../net/transport.ts";
import { rawFormats } from "../formats/raw-formats.ts";
import { eventStream } from "./event-stream.ts";
import { fieldOf } from "./header-field.ts";
import { separatedItems } from "./separated-items.ts";
import type { StreamFormat } from "./stream-format.ts";

const jsonLines = separatedItems("\n");
/** Record separators (RFC 7464). */
const jsonSequence = separatedItems("\u001e");

/** The formats of streams, by media type in lower case. */
const streamFormats: Readonly<Record<string, StreamFormat>> = {
  "text/event-stream": eventStream,
  "application/x-ndjson": jsonLines,
  "application/ndjson": jsonLines,
  "application/jsonl": jsonLines,
  "application/jsonlines": jsonLines,
  "application/x-jsonlines": jsonLines,
  "application/stream+json": jsonLines,
  "application/json-seq": jsonSequence,
  "application/geo+json-seq": jsonSequence,
};

/** The type of almost every answer, recognised without parsing it. */
const PLAIN_JSON = /^application\/json(?:;|$)/;

/** Returns whether an answer is sent item by item, by its content type. */
export function isStream(head: ResponseHead): boolean {
  return formatOf(head) !== undefined;
}

/** Returns the format of an answer that is a stream, or `undefined` if the answer is one value. */
export function streamFormatOf({ rawFormat, method }: Operation, response: HttpResponse): StreamFormat | undefined {
  return method !== "HEAD" && member(rawFormats, rawFormat)?.isStreamed ? formatOf(response) : undefined;
}

function formatOf({ status, headers }: ResponseHead): StreamFormat | undefined {
  const contentType = status < 300 ? fieldOf(headers, "content-type") : undefined;
  if (contentType === undefined || PLAIN_JSON.test(contentType)) return undefined;
  const end = contentType.indexOf(";");
  const mediaType = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  return member(streamFormats, mediaType);
}
