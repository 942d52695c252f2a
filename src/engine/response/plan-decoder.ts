import type { ReceivedBody } from "../../base/body-text.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import { member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Exchange } from "../../net/transport.ts";
import type { DeclaredFormat, Decode, RawFormat } from "../formats/raw-format.ts";
import { rawFormats } from "../formats/raw-formats.ts";

/** Limits of decoding, and the exchange whose signal and time-out end it. */
export interface DecodeContext {
  readonly decoding: DecodeLimits;
  readonly exchange: Exchange;
}

/** Decodes a body within its limits; a promise where that is done in a thread of its own. */
export type Decoder = (body: ReceivedBody, url: string, context: DecodeContext) => unknown;

/** A function that returns the decoder of an operation's answers, which is created with the first call. */
export type DecoderPlan = () => Decoder | Promise<Decoder>;

/**
 * Plans the decoding of an operation's answers. The plan rejects with CapabilityError `CAPABILITY_INVALID` if
 * `outputSchema` cannot be used. Then the next call tries again.
 */
export function planDecoder(operation: Operation): DecoderPlan {
  let decoder: Decoder | Promise<Decoder> | undefined;
  return () => {
    if (decoder !== undefined) return decoder;
    const made = prepare(operation);
    decoder = made;
    if (made instanceof Promise) {
      made.then(
        ready => {
          decoder = ready;
        },
        () => {
          decoder = undefined;
        },
      );
    }
    return made;
  };
}

function prepare(operation: Operation): Decoder | Promise<Decoder> {
  const { name, rawFormat, outputSchema, adapter } = operation;
  const format = member(rawFormats, rawFormat);
  if (format === undefined) throw new TypeError(`Operation "${name}" has the unknown raw format ${rawFormat}`);
  const declared = { outputSchema, folder: adapter.folder };
  const decode = format.prepare(declared);
  if (typeof decode === "function") return bounded(decode, operation, declared, format);
  return decode.then(
    found => bounded(found, operation, declared, format),
    (cause: Error) => {
      throw schemaError(operation, cause);
    },
  );
}

function bounded(
  decode: Decode,
  { name, rawFormat }: Operation,
  declared: DeclaredFormat,
  { threadBytes = Number.POSITIVE_INFINITY }: RawFormat,
): Decoder {
  return (body, url, { decoding, exchange }) => {
    if (body.bytes.length < threadBytes) return decode(body, decoding);
    const task = { format: rawFormat, declared, body, limits: decoding };
    return import("./decode-in-thread.ts").then(({ decodeInThread }) => decodeInThread(task, name, url, exchange));
  };
}

function schemaError({ name, outputSchema, pointer }: Operation, cause: Error): CapabilityError {
  const [what, place] =
    outputSchema === undefined
      ? [`Cannot decode answers to operation "${name}"`, pointer]
      : [
          `Cannot use the outputSchema ${JSON.stringify(outputSchema)} of operation "${name}"`,
          `${pointer}/outputSchema`,
        ];
  const message = `${what}: ${cause.message}`;
  return new CapabilityError("CAPABILITY_INVALID", {
    message,
    details: {
      diagnostics: [{ severity: "error", rule: "output-schema", message, pointer: place }],
      omitted: 0,
    },
    pointer: place,
    cause,
  });
}
