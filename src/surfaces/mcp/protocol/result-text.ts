import { stringify } from "../../../base/numbers/exact-json.ts";
import type { ToolAnswer, ToolContent } from "../../../tools/tool.ts";
import type { McpOffer } from "../offer.ts";
import type { CallOutcome } from "./call-tool.ts";
import { type Era, structuredFor } from "./era.ts";
import { InputRequired } from "./input-required.ts";
import { serverInfo } from "./offered-lists.ts";

/** Member of `_meta` by which a server names itself in each result (2026-07-28). */
const SERVER_INFO = "io.modelcontextprotocol/serverInfo";

/** Writes the result of `tools/call`. Numbers of the structured answer keep their digits. */
export function resultText(outcome: CallOutcome, offer: McpOffer, era: Era): string {
  return outcome instanceof InputRequired ? inputText(outcome, offer) : answerText(outcome, offer, era);
}

function answerText({ content, isError, ...answer }: ToolAnswer, offer: McpOffer, era: Era): string {
  const structured = structuredFor(era, answer.structured);
  const [only] = content;
  const contentText = content.length === 1 && only !== undefined ? `[${itemText(only)}]` : JSON.stringify(content);
  const structuredText = structured === undefined ? "" : `,"structuredContent":${structured}`;
  return `{"content":${contentText}${structuredText},"isError":${isError}${era === "modern" ? ending("complete", offer) : ""}}`;
}

function itemText(item: ToolContent): string {
  return item.type === "text" ? `{"type":"text","text":${JSON.stringify(item.text)}}` : JSON.stringify(item);
}

function inputText({ inputRequests, requestState }: InputRequired, offer: McpOffer): string {
  const state = JSON.stringify(requestState);
  return `{"inputRequests":${stringify(inputRequests)},"requestState":${state}${ending("input_required", offer)}}`;
}

const endings = new WeakMap<McpOffer, string>();

/** Writes the members that every result has since 2026-07-28. */
export function ending(resultType: "complete" | "input_required", offer: McpOffer): string {
  let meta = endings.get(offer);
  if (meta === undefined) {
    meta = `"_meta":${JSON.stringify({ [SERVER_INFO]: serverInfo(offer) })}`;
    endings.set(offer, meta);
  }
  return `,"resultType":"${resultType}",${meta}`;
}
