import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import { percentDecode } from "../../base/percent-decoding.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { RestResource } from "../../language/model/exposed/types.ts";
import type { OpenBody, RequestBody } from "../../net/http-request.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { Refusal } from "../../serving/refusal.ts";
import { refusalOf } from "../../serving/refusal-of.ts";
import type { Span } from "../../telemetry/span.ts";
import { goneSignal } from "./gone-signal.ts";
import { hasDots } from "./path-problem.ts";
import type { RestSettings } from "./rest-settings.ts";
import { sendPieces } from "./send-answer.ts";

interface Passing {
  readonly resource: RestResource;
  /** As sent. */
  readonly path: string;
  readonly search: string;
  readonly runtime: Runtime;
  readonly settings: RestSettings;
  /** Span of the request, where it is followed. */
  readonly span: Span | undefined;
}

/** Passes a request on to the API of a resource (language chapter 7.2), and its answer back. */
export async function passOn(
  { resource, path, search, runtime, settings, span }: Passing,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { forward } = resource;
  if (forward === undefined) throw new Refusal(404, "There is no such route");
  const rest = restOf(resource, path);
  if (rest !== undefined && hasDots(percentDecode(rest))) throw new Refusal(400, 'The path has a segment "." or ".."');
  const body = new PassedBody(request.raw, settings.maxBodyBytes);
  let response: HttpResponse;
  try {
    const headers = passedHeaders(request.raw, forward.trustedHeaders);
    const passed = { method: request.method, path: rest, query: search, headers, body: body.content };
    response = await runtime.forward(forward.adapter, passed, goneSignal(reply.raw), span);
  } catch (error) {
    if (reply.raw.destroyed) return;
    const refusal = body.refusal ?? refusalOf(error, NO_INPUTS);
    if (refusal.status === 500) settings.report(error);
    throw refusal;
  }
  const { status, headers, chunks, body: whole } = response;
  await sendPieces(request, reply, { status, headers: answeredHeaders(headers), pieces: chunks ?? once(whole) });
}

const NO_INPUTS = new Map();

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield body;
}

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

/** Returns the fields of an answer that are for the caller. */
function answeredHeaders(headers: ResponseHeaders): ResponseHeaders {
  const ofConnection = namedByConnection(headers["connection"]);
  const kept = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name) && !ofConnection.has(name));
  return Object.fromEntries(kept);
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
  readonly size = undefined;
  readonly content: RequestBody | undefined;
  /** Set when the body turns out to be too large. */
  refusal: Refusal | undefined;
  readonly #request: IncomingMessage;
  readonly #maxBytes: number;

  constructor(request: IncomingMessage, maxBytes: number) {
    this.#request = request;
    this.#maxBytes = maxBytes;
    const { "content-length": length, "transfer-encoding": coding } = request.headers;
    const stream = () => this.stream();
    const size = Number(length ?? 0);
    if (size > maxBytes) throw this.#tooLarge();
    this.content = coding !== undefined ? this : size > 0 ? { size, stream } : undefined;
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    let length = 0;
    for await (const chunk of this.#request) {
      length += (chunk as Buffer).length;
      if (length > this.#maxBytes) {
        this.refusal = this.#tooLarge();
        throw this.refusal;
      }
      yield chunk as Buffer;
    }
  }

  #tooLarge(): Refusal {
    return new Refusal(413, `The body has more than ${this.#maxBytes} bytes`, { connection: "close" });
  }
}
