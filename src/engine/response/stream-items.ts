import { charsetOf, decoderFor } from "../../base/body-text.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import type { Operation } from "../../language/model/types.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { Bounds, HttpResponse } from "../../net/transport.ts";
import { jsonValue } from "../formats/json.ts";
import { requireBounded } from "../formats/json-bounds.ts";
import { fieldOf } from "./header-field.ts";
import type { StreamedText, StreamFormat } from "./stream-format.ts";

/** An item of a stream, decoded. */
export interface DecodedItem {
  readonly value: unknown;
  /** What it is made of, with the type and the id of an event. */
  readonly source: StreamedText;
}

const LONGEST_EXCERPT = 2_000;

/**
 * Decodes an answer item by item, as it arrives: JSON, or text where the operation or the item is text. Items come as they
 * arrive together.
 *
 * @throws CapabilityError `RESPONSE_INVALID` for an item that is not JSON in a stream of JSON, `RESPONSE_TOO_LARGE` for
 *   one that is longer than the limit, and whatever the exchange fails with; the items before it come first
 */
export async function* streamItems(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  format: StreamFormat,
  { maxResponseBytes }: Bounds,
): AsyncGenerator<readonly DecodedItem[]> {
  const { name, rawFormat } = operation;
  let count = 0;
  const tooLarge = () =>
    new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Item ${count + 1} of the answer to "${name}" is larger than ${maxResponseBytes} bytes; maxResponseBytes allows more`,
      details: { operation: name, maxBytes: maxResponseBytes, url: request.url },
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
  const limit = { length: maxResponseBytes, error: tooLarge };
  try {
    for await (const found of format.split(textsOf(response, format), limit)) {
      const items: DecodedItem[] = [];
      for (const item of found) {
        try {
          const value = rawFormat === "text" ? item.text : decodeItem(item.text, format);
          items.push({ value, source: item });
        } catch (cause) {
          if (items.length > 0) yield items;
          throw invalid(cause, item.text);
        }
        count++;
      }
      yield items;
    }
  } catch (cause) {
    throw cause instanceof CapabilityError ? cause : invalid(cause);
  }
}

/** How JSON begins. An exception for each item that is plainly text would take longer than all else. */
const MAY_BE_JSON = /^\s*(?:["[{\d-]|true|false|null)/;

/** The data of an event may also be text: `data: [DONE]`. */
function decodeItem(text: string, { isJson }: StreamFormat): unknown {
  if (isJson) return jsonValue(text);
  if (!MAY_BE_JSON.test(text)) return text;
  requireBounded(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Bytes whose items are in memory together at most. */
const LONGEST_PIECE = 64 * 1024;

/** The text of a body piece by piece. Server-sent events are UTF-8, whatever their content type says. */
async function* textsOf(
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
