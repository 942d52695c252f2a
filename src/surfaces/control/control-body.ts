import type { FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { parseJsonBody } from "../../serving/json-body.ts";
import { Refusal } from "../../serving/refusal.ts";
import { readBody } from "../../serving/request-body.ts";

const MAX_BYTES = 64 * 1024;

/**
 * Reads the body of a request as a JSON object.
 *
 * @throws Refusal 400, 413, 415
 */
export async function readObject({ raw }: FastifyRequest): Promise<JsonObject> {
  const value = parseJsonBody(await readBody(raw, MAX_BYTES), raw.headers["content-type"]);
  if (!isJsonObject(value)) throw new Refusal(400, "The body is not a JSON object");
  return value;
}
