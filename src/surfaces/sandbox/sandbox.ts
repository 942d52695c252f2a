import { stringify } from "../../base/numbers/exact-json.ts";
import type { CapabilityModel } from "../../language/model/types.ts";
import { answers } from "./answers.ts";
import { writeError } from "./api-error.ts";
import { credentialProblem } from "./checks/check-credential.ts";
import { chooseOperation } from "./checks/choose-operation.ts";
import type { SandboxAnswer, SandboxEvent, SandboxRequest, SandboxResponse } from "./messages.ts";
import { servedPaths } from "./routing/base-path.ts";
import { buildSite, type Site } from "./routing/endpoint.ts";
import { findRoute } from "./routing/find-route.ts";
import { type RunningServer, startServer } from "./start-server.ts";
import { Resources } from "./state/resources.ts";
import { loadSeed } from "./state/seed.ts";

/** Settings of a sandbox. */
interface SandboxOptions {
  /** Compiled capabilities whose consumed operations are served. */
  readonly capabilities: readonly CapabilityModel[];
  /**
   * Port to listen on. `0` takes any free port.
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
   * fills a collection. An object is a document such as `/instance`. A member named like a namespace holds such an object
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
   * @default a hint of the collection and random digits, `ak_3f9c2e…`; 1, 2, 3, … if the file declares numeric ids
   */
  readonly newId?: (collection: string) => string;
  /** Called after each request. */
  readonly onRequest?: ((event: SandboxEvent) => void) | undefined;
}

/** A running sandbox. Its state is gone when it is closed. */
export interface Sandbox extends RunningServer {
  /**
   * Base URI to use instead of the file's, by namespace. It keeps the path of the file's base URI. Several namespaces are
   * served below `/<namespace>` each.
   */
  readonly baseUris: ReadonlyMap<string, string>;
}

/**
 * Starts an HTTP server that stands in for the APIs of capabilities: it serves their consumed operations, checks
 * credentials and inputs, and keeps what is created until it is closed. Every error is answered as
 * `{"error":{"code","message"}}`.
 *
 * @throws TypeError for a seed that does not fit, and for adapters that one prefix cannot serve; the error of
 *   `node:net` if it cannot listen, such as one with code `EADDRINUSE`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { capabilities, seed, clock = () => new Date(), newId } = options;
  const { port = 0, host = "127.0.0.1", onRequest } = options;
  const paths = servedPaths(capabilities);
  const site = buildSite(capabilities, paths);
  const namespaces = new Map(
    [...site.maps].map(([namespace, map]) => [namespace, new Resources(map, { clock, newId })]),
  );
  loadSeed(seed, namespaces);
  const server = await startServer(request => handle(site, namespaces, request), { port, host, onRequest });
  return {
    ...server,
    baseUris: new Map([...paths].map(([namespace, path]) => [namespace, server.url + path])),
  };
}

/** Answers a request. Never throws. */
function handle(site: Site, namespaces: ReadonlyMap<string, Resources>, request: SandboxRequest): SandboxResponse {
  let operation: string | undefined;
  try {
    const { endpoint, operations, values, query } = findRoute(site, request.method, request.target);
    operation = operations[0].reference;
    const refusal = credentialProblem(operations[0].adapter.authentication, request.headers, query);
    if (refusal !== undefined) throw refusal;
    const chosen = chooseOperation(operations, { values, query, headers: request.headers }, request.body);
    operation = chosen.operation.reference;
    const resources = namespaces.get(endpoint.namespace);
    if (resources === undefined) throw new TypeError(`Namespace ${endpoint.namespace} has no resources`);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const answer = answers[endpoint.role]({ ...chosen, method, endpoint, values, query, resources });
    return { ...write(answer, chosen.operation.rawFormat), operation };
  } catch (error) {
    return { ...writeError(error), operation };
  }
}

/** Writes an answer as JSON whatever the operation expects, or as text if it reads text. */
function write({ status, value }: SandboxAnswer, rawFormat: string): Omit<SandboxResponse, "operation"> {
  const contentType = rawFormat === "text" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  return {
    status,
    statusText: undefined,
    headers: { "content-type": contentType },
    body: stringify(value) ?? "null",
  };
}
