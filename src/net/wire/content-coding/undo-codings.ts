import { pipeline, Readable } from "node:stream";
import { CapabilityError } from "../../../base/capability-error.ts";
import type { Bounds, HttpResponse } from "../../transport.ts";
import { collectChunks } from "../collect-chunks.ts";
import type { ContentCoding } from "./content-codings.ts";
import { createDecoder } from "./decoders.ts";

/** Most codings of one body: each takes memory. */
const MOST_CODINGS = 5;

/** A body that has codings, as a wire gets it. */
interface CodedBody {
  readonly url: string;
  /** In the order they were applied. */
  readonly codings: readonly ContentCoding[];
  readonly chunks: AsyncIterableIterator<Uint8Array>;
  readonly bounds: Bounds;
  /** Whether it is given whole. */
  readonly isWhole: boolean;
}

/**
 * Undoes the codings of an answer's body, and removes the fields about them.
 *
 * @throws CapabilityError `RESPONSE_INVALID` for a body that is not of its codings, `RESPONSE_TOO_LARGE`; where the body
 *   comes piece by piece, that throws
 */
export async function undoCodings(
  head: Omit<HttpResponse, "body" | "chunks">,
  { url, codings, chunks: coded, bounds, isWhole }: CodedBody,
): Promise<HttpResponse> {
  if (codings.length > MOST_CODINGS) {
    await coded.return?.();
    throw invalid(url, head.status, codings.join(", "), `it has more than ${MOST_CODINGS} content codings`);
  }
  const chunks = new DecodedChunks(coded, () =>
    codings.reduceRight<AsyncIterable<Uint8Array>>(
      (packed, coding) => undoCoding(coding, packed, url, head.status),
      coded,
    ),
  );
  const { "content-encoding": _encoding, "content-length": _length, ...headers } = head.headers;
  const answer = { ...head, headers };
  if (!isWhole) return { ...answer, body: new Uint8Array(), chunks };
  return { ...answer, body: await collectChunks(chunks, url, bounds) };
}

/** A generator would not end the exchange where it is left before it has begun. */
class DecodedChunks implements AsyncIterableIterator<Uint8Array, undefined, undefined> {
  readonly #coded: AsyncIterableIterator<Uint8Array>;
  readonly #decode: () => AsyncIterable<Uint8Array>;
  #decoded: AsyncIterator<Uint8Array> | undefined;

  constructor(coded: AsyncIterableIterator<Uint8Array>, decode: () => AsyncIterable<Uint8Array>) {
    this.#coded = coded;
    this.#decode = decode;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#decoded ??= this.#decode()[Symbol.asyncIterator]();
    return this.#decoded.next();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#decoded?.return?.();
    await this.#coded.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

async function* undoCoding(
  coding: ContentCoding,
  packed: AsyncIterable<Uint8Array>,
  url: string,
  status: number,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    const source = packed[Symbol.asyncIterator]();
    const first = await source.next();
    // A body without a byte did not break off.
    if (first.done) return;
    const decoder = await createDecoder(coding, first.value);
    // An error on one side ends the other, and the decoder throws it here.
    pipeline(Readable.from(startingWith(first.value, source), { objectMode: false }), decoder, () => {});
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof CapabilityError) throw error;
    throw invalid(url, status, coding, `its content coding ${coding} ${reasonOf(error as Error)}`, error);
  }
}

/** Puts a piece before others. The reader may leave at any moment, and does not wait for them. */
function startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  let isFirst = true;
  return {
    next() {
      if (!isFirst) return rest.next();
      isFirst = false;
      return Promise.resolve({ done: false, value: first });
    },
    return: () => rest.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function reasonOf({ message }: Error): string {
  return message === "unexpected end of file" || message === "unexpected EOF"
    ? "ends too early"
    : `is damaged (${message})`;
}

function invalid(url: string, status: number, format: string, reason: string, cause?: unknown): CapabilityError {
  return new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot decode the answer from ${new URL(url).host}: ${reason}`,
    details: { format, status },
    ...(cause === undefined ? {} : { cause }),
  });
}
