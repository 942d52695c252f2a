import { CapabilityError } from "../../base/capability-error.ts";
import { member } from "../../base/json-object.ts";
import { rawFormats } from "../../engine/formats/raw-formats.ts";
import { fieldOf } from "../../engine/response/header-field.ts";
import type { HttpResponse } from "../../net/transport.ts";
import type { Call } from "./call.ts";
import { callOptions } from "./call-options.ts";
import { openOutFile } from "./out-file.ts";
import { NotTextError, TerminalText } from "./terminal-text.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { usageError } from "./usage-error.ts";
import { writeChunk } from "./write-chunk.ts";

/** Calls an operation and writes the body as received, as it arrives: to the file of `--out`, or to standard output. */
export async function writeReceived(call: Call, beforeResult: () => void): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const { signal, cwd } = context;
  const exchange = async () => {
    const response = await capability.exchange(operation.reference, inputs, callOptions(call));
    beforeResult();
    return response;
  };
  if (parsed.out !== undefined) {
    const file = await openOutFile(parsed.out, cwd);
    try {
      const response = await exchange();
      for await (const chunk of piecesOf(response)) await file.write(chunk);
      const size = await file.finish();
      notes.add(`wrote ${parsed.out}: ${size} bytes, ${mediaTypeOf(response)}`);
      notes.flush();
    } finally {
      await file.discard();
    }
    return;
  }
  refuseOnTerminal(call);
  const response = await exchange();
  await untilInterrupted(() => writePieces(response, call), signal);
}

async function writePieces(response: HttpResponse, call: Call): Promise<void> {
  const { stdout } = call.context;
  if (stdout.isTTY) return writeToTerminal(response, call);
  for await (const chunk of piecesOf(response)) await writeChunk(stdout, chunk);
}

/** @throws CapabilityError `RESPONSE_INVALID` for what is no text */
async function writeToTerminal(response: HttpResponse, { operation, context }: Call): Promise<void> {
  const { stdout } = context;
  const text = new TerminalText();
  try {
    for await (const chunk of piecesOf(response)) await writeChunk(stdout, text.add(chunk));
    await writeChunk(stdout, text.end());
  } catch (error) {
    if (!(error instanceof NotTextError)) throw error;
    throw new CapabilityError("RESPONSE_INVALID", {
      message: `The answer to "${operation.name}" is no text that a terminal can show (${mediaTypeOf(response)}): write it to a file with --out FILE`,
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

/** The media type of an answer, without its parameters. */
export function mediaTypeOf({ headers }: Pick<HttpResponse, "headers">): string {
  return fieldOf(headers, "content-type")?.split(";", 1)[0]?.trim() || "application/octet-stream";
}

function piecesOf({ body, chunks }: HttpResponse): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  return chunks ?? [body];
}
