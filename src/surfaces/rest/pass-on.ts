import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import { onePiece } from "../../base/one-piece.ts";
import { percentDecode } from "../../base/percent-decoding.ts";
import type { CallerFields } from "../../engine/binds/caller-fields.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Forward, RestResource } from "../../language/model/exposed/types.ts";
import type { OpenBody } from "../../net/http-request.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { callerFieldsOf, varyByCaller } from "../../serving/caller-fields-of.ts";
import { goneSignal } from "../../serving/gone-signal.ts";
import { answerOnce } from "../../serving/idempotency/answer-once.ts";
import type { IdempotencyLedger } from "../../serving/idempotency/idempotency-ledger.ts";
import { keepsAnswer, MOST_KEPT_BYTES } from "../../serving/idempotency/kept-answers.ts";
import { hasDots } from "../../serving/path-problem.ts";
import { Refusal } from "../../serving/refusal.ts";
import { refusalOf } from "../../serving/refusal-of.ts";
import { hasBody, readSentBody, tooLarge } from "../../serving/request-body.ts";
import { sendPieces, withOwnVary } from "../../serving/send-answer.ts";
import { wholeBody } from "../../serving/whole-body.ts";
import type { Span } from "../../telemetry/span.ts";
import type { Keyed } from "./keyed.ts";
import type { RestSettings } from "./rest-settings.ts";

interface Passing {
  readonly resource: RestResource;
  /** As sent. */
  readonly path: string;
  readonly search: string;
  readonly runtime: Runtime;
  readonly settings: RestSettings;
  /** Span of the request, where it is followed. */
  readonly span: Span | undefined;
  /** Remembers the answers to requests that have a key. */
  readonly ledger: IdempotencyLedger;
  /** `undefined`: the request has none. */
  readonly keyed: Keyed | undefined;
}

/** How a request is passed on. */
interface Passage {
  readonly forward: Forward;
  /** Path behind the base URI. */
  readonly rest: string | undefined;
  readonly body: (OpenBody & Pick<PassedBody, "refusal" | "upTo">) | undefined;
  /** Ends the call. */
  readonly signal: AbortSignal | undefined;
  readonly give: (answer: PassedAnswer, callerFields: CallerFields) => Promise<void>;
}

type PassedAnswer = Parameters<typeof sendPieces>[2];

/** Passes a request on to the API of a resource (language chapter 7.2), and its answer back. */
export async function passOn(passing: Passing, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { resource, path, keyed } = passing;
  const { forward } = resource;
  if (forward === undefined) throw new Refusal(404, "There is no such route");
  const rest = restOf(resource, path);
  // Its answer would show the credential that is added.
  if (request.method === "TRACE") throw new Refusal(405, "TRACE is not passed on", { allow: PASSED_METHODS });
  if (rest !== undefined && hasDots(percentDecode(rest))) throw new Refusal(400, 'The path has a segment "." or ".."');
  if (keyed !== undefined) return passOnce(passing, keyed, { forward, rest }, request, reply);
  const body = hasBody(request.raw) ? new PassedBody(request.raw) : undefined;
  const signal = goneSignal(request.raw);
  await pass(
    passing,
    { forward, rest, body, signal, give: answer => sendPieces(request, reply, answer) },
    request,
    reply,
  );
}

/** Passes a request on whose caller gives it a key. Its body is read before, and its call goes on when the caller goes. */
async function passOnce(
  passing: Passing,
  { key, caller, target }: Keyed,
  place: Pick<Passage, "forward" | "rest">,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { ledger, settings } = passing;
  const sent = hasBody(request.raw) ? await readSentBody(request.raw, settings.maxBodyBytes) : undefined;
  await answerOnce(
    { ledger, key, caller, target, body: sent ?? Buffer.alloc(0) },
    request.raw,
    keep =>
      pass(
        passing,
        {
          ...place,
          body: sent && bodyOf(sent),
          signal: undefined,
          async give({ status, headers, pieces }, fields) {
            const type = headers["content-type"]?.toString();
            const whole = keepsAnswer(type) ? await wholeBody(pieces, MOST_KEPT_BYTES) : pieces;
            const answer = whole instanceof Uint8Array ? { status, headers, body: whole } : undefined;
            await keep(status, answer, fields);
            const given = whole instanceof Uint8Array ? onePiece(whole) : whole;
            await sendPieces(request, reply, { status, headers, pieces: given });
          },
        },
        request,
        reply,
      ),
    ({ status, headers, body }) => {
      reply.raw.setHeader("idempotent-replayed", "true");
      return sendPieces(request, reply, { status, headers, pieces: onePiece(body) });
    },
  );
}

/** Returns a body that has been read. */
function bodyOf(bytes: Uint8Array): NonNullable<Passage["body"]> {
  return {
    arrives: true,
    size: bytes.length,
    refusal: undefined,
    stream: () => onePiece(bytes),
    upTo() {
      return this;
    },
  };
}

async function pass(
  { search, runtime, settings, span }: Passing,
  { forward, rest, body, signal, give }: Passage,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const callerFields = callerFieldsOf(request.raw);
  let response: HttpResponse;
  try {
    const headers = passedHeaders(request.raw, forward.trustedHeaders);
    const wholeBody = body?.upTo(settings.maxBodyBytes);
    const passed = { method: request.method, path: rest, query: search, headers, body, wholeBody };
    response = await runtime.forward(forward.adapter, passed, {
      signal,
      span,
      callerFields,
    });
  } catch (error) {
    if (reply.raw.destroyed) return;
    const refusal = body?.refusal ?? refusalOf(error, NO_INPUTS);
    if (refusal.status === 500) settings.report(error);
    throw refusal;
  }
  varyByCaller(reply.raw, callerFields);
  const { status, headers, chunks, body: whole } = response;
  const answer = { status, headers: answeredHeaders(headers, reply.raw), pieces: chunks ?? onePiece(whole) };
  await give(answer, callerFields).catch((error: unknown) => {
    if (reply.raw.destroyed) return;
    throw refusalOf(error, NO_INPUTS);
  });
}

const NO_INPUTS = new Map();

/** The usual ones of the methods that are passed on, for `Allow`. */
const PASSED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** Returns the part of a path that stands for the placeholder `path`, as it was sent. */
function restOf({ segments }: RestResource, path: string): string | undefined {
  const last = segments.at(-1);
  if (typeof last !== "object" || last.placeholder !== "path") return undefined;
  const slashes =
    segments
      .filter(segment => typeof segment === "string")
      .join("")
      .split("/").length - 1;
  return path.split("/").slice(slashes).join("/");
}

/** Fields that are about one connection (RFC 9110, 7.6.1), and those that a proxy answers itself. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Fields that the transport writes itself. */
const OF_TRANSPORT: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/** Returns the fields of a request that the API may see: those that the file trusts, and the type of the body. */
function passedHeaders({ headers }: IncomingMessage, trusted: readonly string[]): Readonly<Record<string, string>> {
  const passed: Record<string, string> = Object.create(null);
  const ofConnection = namedByConnection(headers.connection);
  for (const name of ["content-type", "content-encoding", ...trusted]) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value === undefined || OF_CONNECTION.has(name) || OF_TRANSPORT.has(name) || ofConnection.has(name)) continue;
    passed[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  // The answer goes through as it comes, so that it must be packed in a way that the caller can unpack.
  passed["accept-encoding"] ??= /\bgzip\b/i.test(headers["accept-encoding"]?.toString() ?? "") ? "gzip" : "identity";
  return passed;
}

/**
 * Returns the fields of an answer that are for the caller. Pages that the API lets call it are not those that may call the
 * server, which has its credential.
 */
function answeredHeaders(headers: ResponseHeaders, raw: ServerResponse): ResponseHeaders {
  const ofConnection = namedByConnection(headers["connection"]);
  const kept = Object.entries(headers).filter(
    ([name]) => !OF_CONNECTION.has(name) && !ofConnection.has(name) && !name.startsWith("access-control-"),
  );
  const { vary, ...others } = Object.fromEntries(kept);
  return vary === undefined ? others : { ...others, vary: withOwnVary(raw, String(vary)) };
}

function namedByConnection(field: string | readonly string[] | undefined): ReadonlySet<string> {
  if (field === undefined) return NO_NAMES;
  return new Set(
    String(field)
      .split(",")
      .map(name => name.trim().toLowerCase()),
  );
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Body of a request, passed on while it arrives. */
class PassedBody implements OpenBody {
  readonly arrives = true;
  readonly size: number | undefined;
  /** Set when more arrives than may be kept. */
  refusal: Refusal | undefined;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
    this.size =
      request.headers["transfer-encoding"] === undefined ? Number(request.headers["content-length"]) : undefined;
  }

  /** Reads the body. It stays open when its reader wants no more: the connection is that of the answer too. */
  stream(): AsyncIterable<Uint8Array> {
    return this.#request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  }

  /** Gives the same body for a reader that keeps the whole of it. */
  upTo(maxBytes: number): OpenBody {
    const { arrives, size } = this;
    return { arrives, size, stream: () => this.#bounded(maxBytes) };
  }

  async *#bounded(maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
    let length = this.size ?? 0;
    if (length > maxBytes) throw this.#tooLarge(maxBytes);
    length = 0;
    for await (const chunk of this.stream()) {
      length += chunk.length;
      if (length > maxBytes) throw this.#tooLarge(maxBytes);
      yield chunk;
    }
  }

  #tooLarge(maxBytes: number): Refusal {
    this.refusal = tooLarge(maxBytes);
    return this.refusal;
  }
}
