import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import { charsetOf, decoderFor } from "../formats/body-text.ts";
import { jsonValue } from "../formats/json.ts";
import { requireBounded } from "../formats/json-bounds.ts";
import type { HttpRequest } from "../transport/http-request.ts";
import type { ExchangeLimits, HttpResponse } from "../transport/transport.ts";
import { fieldOf } from "./header-field.ts";
import type { StreamedText, StreamFormat } from "./stream-format.ts";

/** An item of a stream, decoded. */
export interface DecodedItem extends StreamedText {
  readonly value: unknown;
}

const LONGEST_EXCERPT = 2_000;

/**
 * Decodes an answer item by item, as it arrives: JSON, or text where the operation or the item is text.
 *
 * @throws CapabilityError `RESPONSE_INVALID` for an item that is not JSON in a stream of JSON, `RESPONSE_TOO_LARGE` for
 *   one that is longer than the limit, and whatever the exchange fails with
 */
export async function* streamItems(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  format: StreamFormat,
  { maxResponseBytes }: ExchangeLimits,
): AsyncGenerator<DecodedItem> {
  const { name, rawFormat } = operation;
  let item = 1;
  let text = "";
  const tooLarge = () =>
    new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Item ${item} of the answer to "${name}" is larger than ${maxResponseBytes} bytes; maxResponseBytes allows more`,
      details: { operation: name, maxBytes: maxResponseBytes, url: request.url },
    });
  try {
    const limit = { length: maxResponseBytes, error: tooLarge };
    for await (const found of format.split(textsOf(response, format), limit)) {
      text = found.text;
      yield { ...found, value: rawFormat === "text" ? text : decodeItem(text, format) };
      text = "";
      item++;
    }
  } catch (cause) {
    if (cause instanceof CapabilityError) throw cause;
    throw new CapabilityError("RESPONSE_INVALID", {
      message: `Cannot decode item ${item} of the answer to "${name}" as ${rawFormat}: ${(cause as Error).message}`,
      details: {
        operation: name,
        format: rawFormat,
        status: response.status,
        item,
        ...(text === "" ? {} : { body: text.slice(0, LONGEST_EXCERPT) }),
      },
      cause,
    });
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

/** The text of a body piece by piece. Server-sent events are UTF-8, whatever their content type says. */
async function* textsOf(
  { body, chunks, headers }: HttpResponse,
  { isJson }: StreamFormat,
): AsyncGenerator<string> {
  const charset = isJson ? charsetOf(fieldOf(headers, "content-type")) : undefined;
  let decoder: ReturnType<typeof decoderFor> | undefined;
  for await (const chunk of chunks ?? [body]) {
    decoder ??= decoderFor(charset ?? "utf-8", isJson);
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? "";
}
