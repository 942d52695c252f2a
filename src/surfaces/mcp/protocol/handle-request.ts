import type { Server, ServerContext } from "@modelcontextprotocol/server";
import { isJsonObject, type JsonObject, member, objectOf } from "../../../base/json-object.ts";
import { INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/**
 * Answers requests of a method. What is used of the params is checked by `answer`: the package would tell what is wrong
 * with them as an error of the server.
 */
export function handleRequest(
  server: Server,
  method: string,
  answer: (params: JsonObject, context: ServerContext) => object | Promise<object>,
): void {
  server.setRequestHandler(
    method,
    { params: ANY },
    async (params, context) => answer(objectOf(params), context) as never,
  );
}

/** Takes params of any members. */
const ANY = {
  "~standard": {
    version: 1 as const,
    vendor: "naftiko",
    validate: (value: unknown) => ({ value }),
  },
};

/**
 * Returns a member of params that is a text.
 *
 * @throws ProtocolFault
 */
export function textOf(params: JsonObject, name: string): string {
  const value = member(params, name);
  if (typeof value === "string") return value;
  throw new ProtocolFault(INVALID_PARAMS, `Invalid params: ${JSON.stringify(name)} has to be a string`);
}

/**
 * Returns a member of params that is an object of texts; without it, none.
 *
 * @throws ProtocolFault
 */
export function textsOf(params: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = member(params, name) ?? {};
  if (isJsonObject(value) && Object.values(value).every(text => typeof text === "string"))
    return value as Readonly<Record<string, string>>;
  throw new ProtocolFault(INVALID_PARAMS, `Invalid params: ${JSON.stringify(name)} has to be an object of strings`);
}
