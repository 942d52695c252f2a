import { charsetOf, decoderFor } from "../../base/body-text.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import { LargeNumberError, parseExact } from "../../base/numbers/exact-json.ts";
import type { Operation } from "../../language/model/types.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { jsonValue } from "../formats/json.ts";
import { requireBounded } from "../formats/json-bounds.ts";
import { fieldOf } from "./header-field.ts";
import type { StreamedText, StreamFormat } from "./stream-format.ts";

/** An item of an answer that is sent item by item. `Outputs` is what the caller expects of the API: it is not checked. */
export interface StreamItem<Outputs = unknown> {
  /** The outputs by name, or the item itself if the operation declares none. */
  readonly outputs: Outputs;
  /** The item, decoded. */
  readonly body: unknown;
  /** Type and id of a server-sent event, if it has them. */
  readonly event?: string;
  readonly id?: string;
}

/** An answer that is read item by item. */
interface ItemSource {
  readonly operation: Operation;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly format: StreamFormat;
  /** Length limit of an item, in bytes. */
  readonly maxResponseBytes: number;
  readonly decoding: DecodeLimits;
  /** Translates an error of the exchange. */
  readonly explain: (error: unknown) => unknown;
}

const LONGEST_EXCERPT = 2_000;

/**
 * Decodes an answer item by item, as it arrives: as JSON, or as text if the operation or the item is text. Items that
 * arrive together come together.
 *
 * @param extract returns the outputs of a decoded item
 * @throws CapabilityError `RESPONSE_INVALID` for an item that is not JSON in a stream of JSON, `RESPONSE_TOO_LARGE` for
 *   an item beyond the limit, and errors of the exchange; the items before it come first
 */
export async function* streamItems(
  { operation, request, response, format, maxResponseBytes, decoding, explain }: ItemSource,
  extract: (value: unknown) => unknown,
): AsyncGenerator<readonly StreamItem[], void, undefined> {
  const { name, rawFormat } = operation;
  let count = 0;
  const tooLarge = () =>
    new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Item ${count + 1} of the answer to "${name}" is larger than ${maxResponseBytes} bytes`,
      details: { operation: name, maxBytes: maxResponseBytes, url: request.url },
      remedies: [{ option: "maxResponseBytes" }],
    });
  const invalid = (cause: unknown, text = "") =>
    new CapabilityError("RESPONSE_INVALID", {
      message: `Cannot decode item ${count + 1} of the answer to "${name}" as ${rawFormat}: ${(cause as Error).message}`,
      details: {
        operation: name,
        format: rawFormat,
        status: response.status,
        item: count + 1,
        ...(text === "" ? {} : { body: text.slice(0, LONGEST_EXCERPT) }),
      },
      cause,
    });
  const read = (source: StreamedText): StreamItem => {
    let body: unknown;
    try {
      body = rawFormat === "text" ? source.text : decodeItem(source.text, format, decoding);
    } catch (cause) {
      throw invalid(cause, source.text);
    }
    count++;
    const item = { outputs: extract(body), body };
    const { event, id } = source;
    // Most items are not events, and there may be millions.
    if (event === undefined && id === undefined) return item;
    return { ...item, ...(event === undefined ? {} : { event }), ...(id === undefined ? {} : { id }) };
  };
  const limit = { length: maxResponseBytes, error: tooLarge };
  try {
    for await (const found of format.split(decodedPieces(response, format), limit)) {
      const items: StreamItem[] = [];
      for (const source of found) {
        try {
          items.push(read(source));
        } catch (error) {
          if (items.length > 0) yield items;
          throw error;
        }
      }
      yield items;
    }
  } catch (cause) {
    throw explain(cause instanceof CapabilityError ? cause : invalid(cause));
  }
}

/** The beginning of JSON. An exception for each item that is clearly text would be slow. */
const MAY_BE_JSON = /^\s*(?:["[{\d-]|true|false|null)/;

/** Decodes an item. The data of an event may also be text: `data: [DONE]`. */
function decodeItem(text: string, { isJson }: StreamFormat, decoding: DecodeLimits): unknown {
  if (isJson) return jsonValue(text, decoding);
  if (!MAY_BE_JSON.test(text)) return text;
  requireBounded(text, decoding);
  try {
    return parseExact(text, decoding.numbers);
  } catch (error) {
    if (error instanceof LargeNumberError) throw error;
    return text;
  }
}

/** Limit of bytes whose items are in memory together. */
const LONGEST_PIECE = 64 * 1024;

/** Decodes the text of a body piece by piece. Server-sent events are UTF-8, whatever their content type says. */
async function* decodedPieces(
  { body, chunks, headers }: HttpResponse,
  { isJson }: StreamFormat,
): AsyncGenerator<string> {
  const charset = isJson ? charsetOf(fieldOf(headers, "content-type")) : undefined;
  let decoder: ReturnType<typeof decoderFor> | undefined;
  for await (const chunk of chunks ?? [body]) {
    decoder ??= decoderFor(charset ?? "utf-8", isJson);
    for (let start = 0; start < chunk.length; start += LONGEST_PIECE)
      yield decoder.decode(chunk.subarray(start, start + LONGEST_PIECE), { stream: true });
  }
  yield decoder?.decode() ?? "";
}
