import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { type Cassette, CONNECTION_FIELD } from "../../net/cassette/cassette.ts";
import { formatDifference } from "../../net/cassette/format-difference.ts";
import { createReplayTransport } from "../../net/cassette/replay.ts";
import { type Transport, UNWATCHED, USUAL_CONNECT } from "../../net/transport.ts";
import { ApiError, writeError } from "./api-error.ts";
import type { SandboxRequest, SandboxResponse } from "./messages.ts";
import { type RunningServer, type ServerOptions, startServer } from "./start-server.ts";

/** Starts an HTTP server that answers from recorded calls. Any other request gets 404 and the nearest call. */
export function startReplayServer(cassette: Cassette, options: ServerOptions): Promise<RunningServer> {
  const replay = createReplayTransport(cassette);
  return startServer(request => answer(replay, request), options);
}

async function answer(replay: Transport, { method, target, headers, body }: SandboxRequest): Promise<SandboxResponse> {
  const fields = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  const url = `http://${headers["host"] ?? "localhost"}${target.startsWith("/") ? target : `/${target}`}`;
  try {
    const response = await replay(
      { method, url, headers: Object.fromEntries(fields), body },
      {
        signal: undefined,
        bounds: {
          timeoutMs: 0,
          connectTimeoutMs: 0,
          maxResponseBytes: Number.POSITIVE_INFINITY,
          startMs: undefined,
        },
        streams: undefined,
        connect: USUAL_CONNECT,
        watch: UNWATCHED,
      },
    );
    const kept = Object.entries(response.headers).filter(([name]) => !CONNECTION_FIELD.test(name));
    return { ...response, headers: Object.fromEntries(kept), operation: undefined };
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    const isUnknown = isCapabilityError(error, "NOT_RECORDED");
    const refusal = isUnknown ? new ApiError(404, "not_recorded", refusalText(error)) : error;
    return { ...writeError(refusal), statusText: "" };
  }
}

function refusalText({ message, details }: CapabilityError<"NOT_RECORDED">): string {
  const differences = details.nearest?.differences.flatMap(formatDifference) ?? [];
  return differences.length === 0 ? message : `${message} (- recorded, + asked): ${differences.join("; ")}`;
}
