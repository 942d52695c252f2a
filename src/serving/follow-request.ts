import type { FastifyReply, FastifyRequest } from "fastify";
import type { Runtime } from "../engine/runtime.ts";
import type { ServedRequest } from "../telemetry/served-request.ts";

/** Follows a request until its answer has gone out. `undefined` where nothing is followed. */
export function followRequest(
  adapter: string,
  { opening }: Pick<Runtime, "opening">,
  { method, headers }: Pick<FastifyRequest, "method" | "headers">,
  { raw }: Pick<FastifyReply, "raw">,
): ServedRequest | undefined {
  const { telemetry } = opening.surroundings;
  if (!telemetry?.isOn) return undefined;
  const served = telemetry.serve(adapter, method, headers);
  raw.once("close", () => served.end(raw.statusCode, raw.writableFinished ? undefined : "ABORTED"));
  return served;
}
