import type { IncomingMessage } from "node:http";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import type { Cassette } from "../../net/cassette/cassette.ts";
import { formatDifference } from "../../net/cassette/format-difference.ts";
import { createReplayTransport } from "../../net/cassette/replay.ts";
import type { HttpResponse, Transport } from "../../net/transport.ts";
import { ApiError } from "./api-error.ts";
import { writeError } from "./handle-request.ts";
import { type RunningServer, readBody, startServer } from "./start-server.ts";

/** What a replay server serves, and from where. */
interface ReplayServerOptions {
  readonly cassette: Cassette;
  /** `0` takes any port that is free. */
  readonly port: number;
  readonly host: string;
  /** Called after each request. `path` is without the query, which may hold a credential. */
  readonly onRequest?: (event: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
  }) => void;
}

/** Starts an HTTP server that answers from recorded calls; any other request gets 404 and the nearest call. */
export async function startReplayServer(options: ReplayServerOptions): Promise<RunningServer> {
  const { cassette, port, host, onRequest } = options;
  const replay = createReplayTransport(cassette);
  return startServer(
    async (request, response) => {
      const { method = "GET", url: target = "/" } = request;
      const { status, statusText, headers, body } = await answer(replay, request, target);
      response.writeHead(status, statusText, { ...headers, "content-length": body.length });
      response.end(method === "HEAD" ? undefined : body);
      const [path = ""] = target.split("?", 1);
      onRequest?.({ method, path, status });
    },
    { port, host },
  );
}

/** Of the connection that was recorded; this one has its own. */
const CONNECTION_HEADERS = /^(?:connection|keep-alive|content-length|transfer-encoding)$/i;

async function answer(replay: Transport, request: IncomingMessage, target: string): Promise<HttpResponse> {
  try {
    const { method = "GET", headers } = request;
    const fields = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]);
    const response = await replay(
      {
        method,
        url: `http://${headers.host ?? "localhost"}${target.startsWith("/") ? target : `/${target}`}`,
        headers: Object.fromEntries(fields),
        body: await readBody(request),
      },
      { timeoutMs: 0, maxResponseBytes: Number.POSITIVE_INFINITY },
    );
    const kept = Object.entries(response.headers).filter(([name]) => !CONNECTION_HEADERS.test(name));
    return { ...response, headers: Object.fromEntries(kept) };
  } catch (error) {
    // Nobody is left to answer where the connection broke.
    if (!(error instanceof ApiError) && !(error instanceof CapabilityError)) throw error;
    const refusal = isCapabilityError(error, "NOT_RECORDED")
      ? new ApiError(404, "not_recorded", refusalText(error))
      : error;
    const { status, headers, body } = writeError(refusal);
    return { status, statusText: "", headers, body: Buffer.from(body) };
  }
}

function refusalText({ message, details }: CapabilityError<"NOT_RECORDED">): string {
  const differences = details.nearest?.differences.flatMap(formatDifference) ?? [];
  return differences.length === 0 ? message : `${message} (- recorded, + asked): ${differences.join("; ")}`;
}
