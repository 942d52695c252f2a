import type { FastifyReply, FastifyRequest } from "fastify";
import type { Runtime } from "../engine/runtime.ts";
import type { ServedRequest } from "../telemetry/served-request.ts";

/** Longest path that a span tells: a caller may write any, and traces are kept. */
const LONGEST_PATH = 1_000;

/** Follows a request until its answer has gone out. `undefined` where nothing is followed. */
export function followRequest(
  adapter: string,
  { opening, secrets }: Pick<Runtime, "opening" | "secrets">,
  request: Pick<FastifyRequest, "method" | "headers" | "originalUrl" | "protocol">,
  { raw }: Pick<FastifyReply, "raw">,
): ServedRequest | undefined {
  const { telemetry } = opening.surroundings;
  if (!telemetry?.isOn) return undefined;
  const served = telemetry.serve(adapter, request.method, request.headers);
  if (served.span.isRecording) {
    served.span.set("url.scheme", request.protocol);
    served.span.set("url.path", secrets.text(pathOf(request.originalUrl)).slice(0, LONGEST_PATH));
  }
  raw.once("close", () => served.end(raw.statusCode, raw.writableFinished ? undefined : "ABORTED"));
  return served;
}

/** Returns what stands before the query, which may hold keys of callers. */
function pathOf(target: string): string {
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}
