import type { CapabilityModel } from "../../language/model/types.ts";
import { createSandboxCore } from "./handle-request.ts";
import type { SandboxEvent } from "./messages.ts";
import { type RunningServer, startServer } from "./start-server.ts";
import { randomId } from "./state/new-id.ts";

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
  readonly onRequest?: (event: SandboxEvent) => void;
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
  const core = createSandboxCore(capabilities, seed, { clock, newId, randomId });
  const server = await startServer(core.handle, { port, host, onRequest });
  return {
    ...server,
    baseUris: new Map([...core.paths].map(([namespace, path]) => [namespace, server.url + path])),
  };
}
