import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import type { Decode } from "../formats/raw-format.ts";
import { rawFormats } from "../formats/raw-formats.ts";

/** Gives what decodes the answers of an operation; made when it is first asked for, once. */
export type DecoderPlan = () => Decode | Promise<Decode>;

/**
 * Plans the decoding of an operation's answers. The plan rejects with CapabilityError `CAPABILITY_INVALID` where
 * `outputSchema` cannot be used; then the next call tries again.
 */
export function planDecoder(operation: Operation): DecoderPlan {
  let decoder: Decode | Promise<Decode> | undefined;
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

function prepare(operation: Operation): Decode | Promise<Decode> {
  const { name, rawFormat, outputSchema, adapter } = operation;
  const format = rawFormats.get(rawFormat);
  if (format === undefined)
    throw new TypeError(`Operation "${name}" has the unknown raw format ${rawFormat}`);
  const decoder = format.prepare({ outputSchema, folder: adapter.folder });
  if (typeof decoder === "function") return decoder;
  return decoder.catch((cause: Error) => {
    throw schemaError(operation, cause);
  });
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
