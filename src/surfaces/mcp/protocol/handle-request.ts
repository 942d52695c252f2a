import type { Server, ServerContext } from "@modelcontextprotocol/server";
import { isJsonObject, type JsonObject, member, objectOf } from "../../../base/json-object.ts";
import type { ProtocolSettings } from "./call-tool.ts";
import { faultOf } from "./fault-of.ts";
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

/**
 * Refuses a cursor: lists are given as a whole, and there is none that a client could have.
 *
 * @throws ProtocolFault
 */
export function requireFirstPage(params: JsonObject): void {
  if (params["cursor"] !== undefined) throw new ProtocolFault(INVALID_PARAMS, "Invalid params: the cursor is unknown");
}

/** Does some work; what it throws becomes what the client is told. Nobody is told where the client has gone. */
export async function told<Result>(
  report: ProtocolSettings["report"],
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw faultOf(error, report);
  }
}
