import type { ClientRequest, IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { parseJson } from "../../base/parse-json.ts";

/** A request to a store of secrets. */
interface StoreRequest {
  readonly method?: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Replaces the authorities that Node trusts, in PEM. */
  readonly certificateAuthority?: string | undefined;
  readonly signal: AbortSignal;
}

/** The answer of a store. */
export interface StoreAnswer {
  readonly status: number;
  /** `undefined` if it is not JSON. */
  readonly body: unknown;
}

/** Limit of an answer, in bytes: a secret has a megabyte at most. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Sends a request to a store of secrets. Redirects are not followed: the request carries a credential.
 *
 * @throws Error with the reason why there is no answer; from the request it only contains the URL's origin
 */
export async function requestJson(request: StoreRequest): Promise<StoreAnswer> {
  const { origin, protocol } = new URL(request.url);
  const { request: start } = await import(protocol === "https:" ? "node:https" : "node:http");
  try {
    const response = await send(start, request);
    const parsed = parseJson(await collect(response));
    return { status: response.statusCode ?? 0, body: parsed.ok ? parsed.value : undefined };
  } catch (error) {
    throw new Error(failure(origin, error));
  }
}

type Start = (url: string, options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest;

function send(start: Start, request: StoreRequest): Promise<IncomingMessage> {
  const { method = "GET", url, headers, body, certificateAuthority, signal } = request;
  const options = {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    agent: false,
    signal,
    ca: certificateAuthority,
  } satisfies RequestOptions;
  return new Promise((resolve, reject) => {
    const client = start(url, options, resolve);
    client.on("error", reject);
    client.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > MAX_BYTES) throw new Error(`its answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const CERTIFICATE = /CERT|SIGNATURE|ALTNAME|ISSUER/;

function failure(origin: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return `${origin}: ${message}`;
  return CERTIFICATE.test(code)
    ? `the certificate of ${origin} is not trusted: ${code}`
    : `${origin} cannot be reached: ${code}`;
}
