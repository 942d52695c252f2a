import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import type { McpAdapter } from "../../src/language/model/exposed/types.ts";
import { offerOfAdapter } from "../../src/surfaces/mcp/exposed/offer-of-adapter.ts";
import type { McpOffer } from "../../src/surfaces/mcp/offer.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../src/tools/answer/answers.ts";
import type { ToolAnswer } from "../../src/tools/tool.ts";
import { openExposed } from "./open-exposed.ts";

/** The offer of the first MCP adapter of a document, without a protocol. */
export interface OpenedOffer {
  readonly runtime: Runtime;
  readonly offer: McpOffer;
  /** Told to the operator. */
  readonly reported: readonly unknown[];
  call(tool: string, given?: unknown, signal?: AbortSignal): Promise<ToolAnswer>;
}

/** Opens a document, as YAML, whose `consumes` have the base URI. */
export async function openOffer(text: string, baseUri: string, options: OpenOptions = {}): Promise<OpenedOffer> {
  const { runtime } = await openExposed(text, baseUri, options);
  const reported: unknown[] = [];
  const adapter = runtime.exposed.adapters.find((each): each is McpAdapter => each.type === "mcp");
  if (adapter === undefined) throw new Error("The document exposes no MCP server");
  const offer = offerOfAdapter(adapter, runtime, {
    answers: new Answers(DEFAULT_ANSWER_SETTINGS),
    report: error => reported.push(error),
  });
  const call: OpenedOffer["call"] = (name, given = {}, signal = new AbortController().signal) => {
    const tool = offer.tools.find(each => each.name === name);
    if (tool === undefined) throw new Error(`There is no tool ${name}`);
    return tool.call(given, { caller: "", signal, confirm: undefined });
  };
  return { runtime, offer, reported, call };
}
