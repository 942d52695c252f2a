import type { ResponseHeaders } from "../../base/capability-error.ts";
import { boolean, filePath, func, type OptionKind, requireOptions, texts } from "../../base/option-kinds.ts";
import type { HttpResponse, Transport } from "../transport.ts";
import { exchangeAborted } from "../transport-error.ts";
import { type WholeRequest, wholeRequest } from "../whole-request.ts";
import { createUndiciTransport } from "../wire/lazy-undici.ts";
import { withEnd } from "../with-end.ts";
import { CONNECTION_FIELD, type Interaction, MAX_CASSETTE_BYTES } from "./cassette.ts";
import { CassetteFile } from "./cassette-file.ts";
import { recordBody } from "./recorded-body.ts";
import { createRedactor, type Redactor } from "./redactor.ts";

/** Settings of a recording. */
export interface RecordingOptions {
  /** Path of the file. The first call replaces it. */
  readonly file: string;
  /**
   * The transport that sends.
   *
   * @default undici
   */
  readonly transport?: Transport | undefined;
  /**
   * Whether the calls in the file stay there, before the new ones.
   *
   * @default false
   */
  readonly append?: boolean | undefined;
  /**
   * Names of headers, query parameters, members, elements, columns and parts of forms whose values are not recorded,
   * besides those that mean a secret, such as `authorization`, `password` and `accessToken`. Case, `-` and `_` do not
   * count.
   *
   * @default []
   */
  readonly redact?: readonly string[] | undefined;
  /**
   * Tells the time for `recordedAt`.
   *
   * @default the system's clock
   */
  readonly clock?: (() => Date) | undefined;
}

const recordingOptions: Readonly<Record<keyof RecordingOptions, { readonly kind: OptionKind }>> = {
  file: { kind: filePath },
  transport: { kind: func },
  append: { kind: boolean },
  redact: { kind: texts("a list of names") },
  clock: { kind: func },
};

/**
 * Creates a transport that writes each call and its answer to a file, from which `createReplayTransport` answers.
 * Credentials, the values of variables and named fields are `***` in it. Calls that fail without an answer are not
 * recorded.
 *
 * @example
 * const shop = await openCapability("shop", { transport: createRecordingTransport({ file: "tape.yaml" }) });
 *
 * @throws TypeError for invalid options
 */
export function createRecordingTransport(options: RecordingOptions): Transport {
  requireOptions(options, recordingOptions);
  const { file, transport = createUndiciTransport(), append = false, redact = [], clock = () => new Date() } = options;
  if (file === undefined) throw new TypeError("file must be a path");
  const masks: ((text: string) => string)[] = [];
  const redactor = createRedactor(redact, text => masks.reduce((masked, mask) => mask(masked), text));
  let opening: Promise<CassetteFile> | undefined;

  const recording: Transport = async (request, exchange) => {
    opening ??= CassetteFile.create(file, { append });
    const cassette = await opening;
    const response = await transport(request, exchange);
    const record = async (body: Uint8Array) => {
      const whole = await wholeRequest(request);
      // A reader that has enough of a stream may have aborted the signal.
      const signal = exchange.signal?.aborted ? undefined : exchange.signal;
      try {
        await cassette.add(interactionOf(whole, { ...response, body }, redactor, clock()), signal);
      } catch (error) {
        throw signal?.aborted ? exchangeAborted(request.url, signal) : error;
      }
    };
    if (response.chunks !== undefined) return { ...response, chunks: recordChunks(response.chunks, record) };
    await record(response.body);
    return response;
  };
  recording.close = async isForced => transport.close?.(isForced);
  recording.redactWith = mask => masks.push(mask);
  return recording;
}

function interactionOf(request: WholeRequest, response: HttpResponse, redactor: Redactor, now: Date): Interaction {
  const { method, url, headers, body } = request;
  // Bodies first: the secrets that they name are then masked in the URL and the headers too.
  const asked = recordBody(body, headers["content-type"] ?? "", redactor);
  const answered = recordBody(response.body, String(response.headers["content-type"] ?? ""), redactor);
  return {
    recordedAt: now.toISOString(),
    request: {
      method,
      url: redactor.url(url),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.header(name, value)])),
      ...asked,
    },
    response: {
      status: response.status,
      statusText: redactor.text(response.statusText),
      headers: keptHeaders(response.headers, redactor),
      ...answered,
    },
  };
}

function keptHeaders(headers: ResponseHeaders, redactor: Redactor): ResponseHeaders {
  const kept = Object.entries(headers).filter(([name]) => !CONNECTION_FIELD.test(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      redactor.text(name),
      typeof value === "string" ? redactor.header(name, value) : value.map(field => redactor.header(name, field)),
    ]),
  );
}

/**
 * Returns the same pieces, and calls `record` with all of them at the end, or when the reader stops early. A body that
 * breaks off is not recorded.
 */
function recordChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  record: (body: Uint8Array) => Promise<void>,
): AsyncIterableIterator<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  return withEnd(chunks, {
    piece(chunk) {
      // A longer body cannot be recorded, and an endless one must not fill the memory.
      if (size > MAX_CASSETTE_BYTES) return;
      kept.push(chunk);
      size += chunk.length;
    },
    end: error => (error === undefined ? record(Buffer.concat(kept)) : undefined),
  });
}
