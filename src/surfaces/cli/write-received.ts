import { CapabilityError } from "../../base/capability-error.ts";
import { member } from "../../base/json-object.ts";
import type { AnswerHead, BytesAnswer } from "../../engine/call.ts";
import type { RunResult } from "../../engine/call-options.ts";
import { rawFormats } from "../../engine/formats/raw-formats.ts";
import { fieldOf } from "../../engine/response/header-field.ts";
import { type Call, includeHead, optionsOf } from "./call.ts";
import { openOutFile } from "./out-file.ts";
import { NotTextError, TerminalText } from "./terminal-text.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { usageError } from "./usage-error.ts";
import { writeChunk } from "./write-chunk.ts";

/** Calls an operation and writes the body as received, as it arrives: to the file of `--out`, or to standard output. */
export async function writeReceived(call: Call, beforeResult: () => void): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const { signal, cwd } = context;
  const send = async () => {
    const answer = await capability.call(operation.reference, inputs, optionsOf(call), "bytes");
    beforeResult();
    await includeHead(answer, call);
    return answer;
  };
  if (parsed.out !== undefined) {
    const file = await openOutFile(parsed.out, cwd);
    try {
      const answer = await send();
      for await (const chunk of answer.pieces) await file.write(chunk);
      const size = await file.finish();
      notes.add(`wrote ${parsed.out}: ${size} bytes, ${mediaTypeOf(answer)}`);
      notes.flush();
    } finally {
      await file.discard();
    }
    return;
  }
  refuseOnTerminal(call);
  const answer = await send();
  await untilInterrupted(() => writePieces(answer, call), signal);
}

async function writePieces(answer: BytesAnswer, call: Call): Promise<void> {
  const { stdout } = call.context;
  if (stdout.isTTY) return writeToTerminal(answer, call);
  for await (const chunk of answer.pieces) await writeChunk(stdout, chunk);
}

/**
 * Writes an answer to a terminal.
 *
 * @throws CapabilityError `RESPONSE_INVALID` if it is not text
 */
async function writeToTerminal(answer: BytesAnswer, { operation, context }: Call): Promise<void> {
  const { stdout } = context;
  const text = new TerminalText();
  try {
    for await (const chunk of answer.pieces) await writeChunk(stdout, text.add(chunk));
    await writeChunk(stdout, text.end());
  } catch (error) {
    if (!(error instanceof NotTextError)) throw error;
    throw new CapabilityError("RESPONSE_INVALID", {
      message: `The answer to "${operation.name}" is not text that a terminal can show (${mediaTypeOf(answer)}): write it to a file with --out FILE`,
      details: { operation: operation.name, format: operation.rawFormat },
    });
  }
}

/**
 * Refuses an answer of bytes on a terminal, before anything is sent.
 *
 * @throws CapabilityError `USAGE`
 */
export function refuseOnTerminal({ operation, context }: Call): void {
  if (!context.stdout.isTTY || !member(rawFormats, operation.rawFormat)?.isBinary) return;
  throw usageError(
    `Operation ${operation.name} answers with bytes, which a terminal cannot show: write them to a file with --out FILE`,
  );
}

/** Returns the media type of an answer, without its parameters. */
function mediaTypeOf({ headers }: Pick<AnswerHead, "headers">): string {
  return fieldOf(headers, "content-type")?.split(";", 1)[0]?.trim() || "application/octet-stream";
}

/** Returns the outputs of a binary answer as JSON: the media type and base64 of the bytes. */
export function binaryJson({ outputs, headers }: RunResult): unknown {
  const mediaType = mediaTypeOf({ headers });
  const convert = (value: unknown) =>
    value instanceof Uint8Array ? { mediaType, base64: Buffer.from(value).toString("base64") } : value;
  if (outputs instanceof Uint8Array || typeof outputs !== "object" || outputs === null) return convert(outputs);
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, convert(value)]));
}
