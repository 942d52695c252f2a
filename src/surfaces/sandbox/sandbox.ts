import type { IncomingMessage, ServerResponse } from "node:http";
import type { Capability } from "../../language/model/types.ts";
import { ApiError } from "./api-error.ts";
import { createSandboxCore, type SandboxCore, writeError } from "./handle-request.ts";
import type { SandboxResponse } from "./messages.ts";
import { readBody, startServer } from "./start-server.ts";
import { randomId } from "./state/new-id.ts";

/** What a sandbox serves, and from where. */
interface SandboxOptions {
  /** Compiled capabilities whose consumed operations are served. */
  readonly capabilities: readonly Capability[];
  /**
   * Port to listen on; `0` takes any that is free.
   *
   * @default 0
   */
  readonly port?: number;
  /**
   * Address to listen on. The sandbox trusts every caller: leave it on the loopback.
   *
   * @default "127.0.0.1"
   */
  readonly host?: string;
  /**
   * Data to begin with, by path as the file writes it, below the base URI: `{ "/api_keys": [{ "id": "ak_1" }] }`. A list
   * fills a collection, an object is a document such as `/instance`. A member called as a namespace holds such an object
   * for that namespace alone.
   */
  readonly seed?: unknown;
  /**
   * Tells the time for `created_at` and `updated_at`.
   *
   * @default the system's clock
   */
  readonly clock?: () => Date;
  /**
   * Makes the id of a new item. `collection` is its path below the base URI, such as `/api_keys`.
   *
   * @default a hint of the collection and random digits, `ak_3f9c2e…`; 1, 2, 3, … where the file declares numeric ids
   */
  readonly newId?: (collection: string) => string;
  /** Called after each request. `path` is without the query, which may hold a credential. */
  readonly onRequest?: (event: SandboxEvent) => void;
}

/** One request that was answered. */
interface SandboxEvent {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Reference of the operation; absent where no operation has the path and method. */
  readonly operation?: string;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /**
   * Base URI to use in place of the file's, by namespace: the path of the file's own is kept. Where several namespaces are
   * served, each is behind `/<namespace>`.
   */
  readonly baseUris: ReadonlyMap<string, string>;
  /** Stops listening and ends open connections. The state is gone. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that stands in for the APIs of capabilities: it serves their consumed operations, checks
 * credentials and inputs, and keeps what is created until it is closed. Every error is answered as
 * `{"error":{"code","message"}}`.
 *
 * @throws TypeError for a seed that does not fit, and for adapters that one prefix cannot serve; the error of
 *   `node:net`, such as one of code `EADDRINUSE`, where it cannot listen
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const {
    capabilities,
    port = 0,
    host = "127.0.0.1",
    seed,
    clock = () => new Date(),
    newId,
    onRequest,
  } = options;
  const core = createSandboxCore(capabilities, seed, { clock, newId, randomId });
  const server = await startServer((request, response) => serve(core, request, response, onRequest), {
    port,
    host,
  });
  return {
    ...server,
    baseUris: new Map([...core.paths].map(([namespace, path]) => [namespace, server.url + path])),
  };
}

async function serve(
  core: SandboxCore,
  request: IncomingMessage,
  response: ServerResponse,
  onRequest: SandboxOptions["onRequest"],
): Promise<void> {
  const { method = "GET", url: target = "/", headers } = request;
  let answer: SandboxResponse;
  try {
    answer = core.handle({ method, target, headers, body: await readBody(request) });
  } catch (error) {
    // Nobody is left to answer where the connection broke.
    if (!(error instanceof ApiError)) throw error;
    answer = writeError(error);
  }
  const { status, body, operation } = answer;
  response.writeHead(status, { ...answer.headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
  const [path = ""] = target.split("?", 1);
  onRequest?.({ method, path, status, ...(operation === undefined ? {} : { operation }) });
}
