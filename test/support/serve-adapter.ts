import { type IncomingHttpHeaders, request } from "node:http";
import { parse } from "yaml";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import type { ExposedAdapter } from "../../src/language/model/exposed/types.ts";
import { admitRequest } from "../../src/serving/inbound/admit-request.ts";
import type { Caller } from "../../src/serving/inbound/guard.ts";
import { openGuard } from "../../src/serving/inbound/open-guard.ts";
import { type Handle, LISTENER_LIMITS, startListener } from "../../src/serving/listener.ts";
import { RateLimit } from "../../src/serving/rate/rate-limit.ts";
import type { RatePolicy } from "../../src/serving/rate/rate-policy.ts";

/** An answer as it arrived, with its whole body. */
interface ReceivedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; `undefined` if it is none. */
  readonly json: unknown;
}

/** An adapter that listens. */
export interface AdapterServer {
  readonly url: string;
  readonly port: number;
  /** Errors that the operator was told of. */
  readonly reports: readonly unknown[];
  /** Sends a request whose target is not touched. */
  send(method: string, target: string, sent?: Sent): Promise<ReceivedAnswer>;
  close(): Promise<void>;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** Answers requests whose callers have been let in. */
type Answer = (...given: [...Parameters<Handle>, caller: Caller]) => void | Promise<void>;

/** Surroundings of an adapter that listens. */
export interface AdapterSurroundings {
  readonly options?: OpenOptions;
  readonly cwd?: string;
  readonly rate?: RatePolicy | undefined;
  readonly origins?: readonly string[];
}

/** Serves the first adapter of a document, as YAML, whose `consumes` have the base URI. */
export async function serveAdapter(
  text: string,
  baseUri: string,
  createHandler: (adapter: ExposedAdapter, runtime: Runtime, report: (error: unknown) => void) => { handle: Answer },
  { options, cwd = "/", rate, origins = [] }: AdapterSurroundings = {},
): Promise<AdapterServer> {
  const document = { naftiko: "1.0.0-alpha3", ...(parse(text) as object) };
  const runtime = await openRuntime(
    document,
    { baseUri, env: {}, impliedAuthentication: false, retries: 0, ...options },
    { cwd, secrets: new SecretMask(), numbers: "exact" },
  );
  const reports: unknown[] = [];
  const report = (error: unknown) => {
    reports.push(error);
  };
  const adapter = runtime.exposed.adapters[0] as ExposedAdapter;
  const handler = createHandler(adapter, runtime, report);
  const guard = await openGuard(adapter, runtime, report);
  const limit = rate && (await RateLimit.open(rate));
  const handle: Handle = async (request, reply, target) => {
    const caller = await admitRequest(guard, limit, request.raw, reply.raw);
    return handler.handle(request, reply, target, caller);
  };
  const listener = await startListener(
    { host: "127.0.0.1", port: 0, tls: undefined, limits: LISTENER_LIMITS, origins },
    handle,
  );
  const { url, port } = listener;
  return {
    url,
    port,
    reports,
    send: (method, target, sent = {}) => exchange(port, method, target, sent),
    async close() {
      await listener.stop(0);
      await runtime.close();
    },
  };
}

function exchange(port: number, method: string, path: string, { headers: given, body }: Sent): Promise<ReceivedAnswer> {
  // Node frames no body of DELETE by itself.
  const headers = { ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }), ...given };
  return new Promise((resolve, reject) => {
    const sending = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) });
      });
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
