import { type JsonObject, member, objectOf } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { callerFieldsOf } from "../../../serving/caller-fields-of.ts";
import type { Span } from "../../../telemetry/span.ts";
import type { McpOffer } from "../offer.ts";
import { type CallLink, callTool, type ProtocolSettings } from "../protocol/call-tool.ts";
import type { Era } from "../protocol/era.ts";
import { faultOf } from "../protocol/fault-of.ts";
import { listedTools } from "../protocol/offered-lists.ts";
import type { ProtocolFault } from "../protocol/protocol-fault.ts";
import { ending, resultText } from "../protocol/result-text.ts";
import type { Exchange } from "./exchange.ts";

/** A request of JSON-RPC. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly id: string | number;
  readonly method: string;
  readonly params?: JsonObject | undefined;
}

/** The surroundings of a request that is answered here. */
interface RequestSurroundings {
  readonly offer: McpOffer;
  readonly era: Era;
  /** As {@link CallLink.caller}. */
  readonly caller: string;
  readonly exchange: Exchange;
  readonly span: Span | undefined;
  readonly settings: ProtocolSettings;
}

/** Writes an answer with a result. */
export function resultMessage(id: string | number, result: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
}

/** Writes an answer with an error. */
export function faultMessage(
  id: string | number | null,
  { code, message, data }: Pick<ProtocolFault, "code" | "message" | "data">,
): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${stringify({ code, message, data })}}`;
}

/**
 * Calls the tool of a request, and gives the answer. The official package is passed by: its parts are made anew for each
 * request, which costs many times what the call does.
 *
 * @param signal aborted when the call is cancelled, or its client is gone: then nothing is answered
 */
export async function answerCall(
  { id, params }: RpcRequest,
  signal: AbortSignal,
  confirm: CallLink["confirm"],
  { offer, era, caller, exchange, span, settings }: RequestSurroundings,
): Promise<void> {
  const { name, arguments: given = {}, _meta: meta } = objectOf(params);
  const token = meta === undefined ? undefined : member(objectOf(meta), "progressToken");
  const link: CallLink = {
    caller,
    callerFields: callerFieldsOf(exchange.raw.req),
    signal,
    confirm,
    span,
    progressToken: typeof token === "string" || typeof token === "number" ? token : undefined,
    notify: (method, more) => exchange.notify(stringify({ jsonrpc: "2.0", method, params: more }) ?? ""),
  };
  let text: string;
  try {
    const outcome = await callTool(offer, { name, given }, link, settings);
    text = resultMessage(id, resultText(outcome, offer, era));
  } catch (error) {
    // Nobody waits, and the operator has nothing to mend.
    if (signal.aborted) return;
    text = faultMessage(id, faultOf(error, settings.report));
  }
  if (!signal.aborted) exchange.answer(text);
}

const lists = new WeakMap<McpOffer, Partial<Record<Era, string>>>();

/** Gives the list of tools. It is written once for each family of revisions. */
export function answerList({ id }: RpcRequest, { offer, era, exchange }: RequestSurroundings): void {
  let texts = lists.get(offer);
  if (texts === undefined) {
    texts = {};
    lists.set(offer, texts);
  }
  texts[era] ??= listText(offer, era);
  exchange.answer(resultMessage(id, texts[era]));
}

function listText(offer: McpOffer, era: Era): string {
  const tools = `{"tools":${stringify(listedTools(offer, era))}`;
  return era === "legacy" ? `${tools}}` : `${tools},${LIST_HINTS}${ending("complete", offer)}}`;
}

/** How long clients may keep a list (2026-07-28). Those that listen are told when it changes. */
const LIST_HINTS = '"ttlMs":60000,"cacheScope":"private"';

/** Tells whether a request asks for a list from its start, as there is no other page. */
export function isWholeList({ method, params }: RpcRequest): boolean {
  return method === "tools/list" && (params === undefined || params["cursor"] === undefined);
}
