import type { HttpRequest } from "../../http-request.ts";
import type { Exchange, HttpResponse, ResponseHead } from "../../transport.ts";
import type { ChunkQueue } from "../chunk-queue.ts";
import { type ContentCoding, contentCodings } from "./content-codings.ts";

/** How a wire gives the body of an answer. */
interface BodyForm {
  /** Whether the caller gets it piece by piece. */
  readonly isStreamed: boolean;
  /** Those to be undone, in the order they were applied; absent if there are none. */
  readonly codings: readonly ContentCoding[] | undefined;
}

/** Decides how the body of an answer is given. `undefined` if it is given whole, as it comes. */
export function bodyForm(head: ResponseHead, { method }: HttpRequest, { streams }: Exchange): BodyForm | undefined {
  const isStreamed = streams?.(head) ?? false;
  if (isStreamed === "asReceived") return { isStreamed: true, codings: undefined };
  const codings = contentCodings(head, method);
  return isStreamed || codings !== undefined ? { isStreamed, codings } : undefined;
}

/**
 * Gives an answer whose body comes through a queue. The code that undoes codings is loaded with the first coded body.
 */
export function giveBody(
  head: Omit<HttpResponse, "body" | "chunks">,
  chunks: ChunkQueue,
  { isStreamed, codings }: BodyForm,
  { url }: HttpRequest,
  { bounds }: Exchange,
): HttpResponse | Promise<HttpResponse> {
  if (codings === undefined) return { ...head, body: new Uint8Array(), chunks };
  return import("./undo-codings.ts").then(({ undoCodings }) =>
    undoCodings(head, { url, codings, chunks, bounds, isWhole: !isStreamed }),
  );
}
