import { parentPort, workerData } from "node:worker_threads";
import type { ReceivedBody } from "../../base/body-text.ts";
import { DecodeLimitError, type DecodeLimits } from "../../base/decode-limits.ts";
import { member } from "../../base/json-object.ts";
import type { DeclaredFormat } from "./raw-format.ts";
import { rawFormats } from "./raw-formats.ts";

// Runs in a thread of its own, decodes one body and ends.

/** The task of a thread. */
export interface DecodeTask {
  /** A name of {@link rawFormats}. */
  readonly format: string;
  readonly declared: DeclaredFormat;
  readonly body: ReceivedBody;
  readonly limits: DecodeLimits;
}

/** The answer of a thread. Errors lose their class on the way, so that their kind is sent. */
export type DecodeReply =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "limit"; readonly limit: DecodeLimitError["limit"]; readonly most: number }
  | { readonly kind: "error"; readonly message: string; readonly isRange: boolean };

void decode(workerData as DecodeTask).then(reply => parentPort?.postMessage(reply));

async function decode({ format, declared, body, limits }: DecodeTask): Promise<DecodeReply> {
  try {
    const read = await member(rawFormats, format)?.prepare(declared);
    return { kind: "value", value: read?.(body, limits) };
  } catch (error) {
    if (error instanceof DecodeLimitError) return { kind: "limit", limit: error.limit, most: error.most };
    const { message } = error as Error;
    return { kind: "error", message, isRange: error instanceof RangeError };
  }
}
