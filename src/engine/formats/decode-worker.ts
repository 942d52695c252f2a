import { parentPort, workerData } from "node:worker_threads";
import type { ReceivedBody } from "../../base/body-text.ts";
import { DecodeLimitError, type DecodeLimits } from "../../base/decode-limits.ts";
import { member } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";
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
  /** The value as JSON, for numbers that are kept by their text. */
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "limit"; readonly limit: DecodeLimitError["limit"]; readonly most: number }
  | { readonly kind: "error"; readonly message: string; readonly isRange: boolean };

void decode(workerData as DecodeTask).then(reply => parentPort?.postMessage(reply));

async function decode({ format, declared, body, limits }: DecodeTask): Promise<DecodeReply> {
  try {
    const read = await member(rawFormats, format)?.prepare(declared);
    const value = read?.(body, limits);
    // An object of a class would arrive as a plain one. The other forms of numbers have none.
    const mayHold = limits.numbers === "exact" || limits.numbers === "written";
    const isText = mayHold && holdsExactNumber(value);
    return isText ? { kind: "json", text: stringify(value) ?? "null" } : { kind: "value", value };
  } catch (error) {
    if (error instanceof DecodeLimitError) return { kind: "limit", limit: error.limit, most: error.most };
    const { message } = error as Error;
    return { kind: "error", message, isRange: error instanceof RangeError };
  }
}

function holdsExactNumber(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (next instanceof ExactNumber) return true;
    if (typeof next === "object" && next !== null && !ArrayBuffer.isView(next))
      for (const member of Object.values(next)) open.push(member);
  }
  return false;
}
