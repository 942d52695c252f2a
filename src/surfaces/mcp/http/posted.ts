import type { IncomingMessage, ServerResponse } from "node:http";
import type { Span } from "../../../telemetry/span.ts";
import type { AcceptedForms } from "./exchange.ts";

/** Who sends a request, and how it is followed. */
export interface Sender {
  /** Tells apart the callers that a guard has let in. `undefined`: they present nothing. */
  readonly caller: string | undefined;
  /** Told of the method of a message, and the tool that it calls. Returns the span of the work. */
  readonly found: (method: string, tool: string | undefined) => Span | undefined;
}

/** A request whose message is to be answered. */
export interface Posted extends Sender {
  readonly request: IncomingMessage;
  readonly raw: ServerResponse;
  readonly accepts: AcceptedForms;
}

/** Returns the name of the tool that a message calls. */
export function toolName({
  method,
  params,
}: {
  readonly method: string;
  readonly params?: unknown;
}): string | undefined {
  const name = method === "tools/call" ? (params as { readonly name?: unknown } | undefined)?.name : undefined;
  return typeof name === "string" ? name : undefined;
}
