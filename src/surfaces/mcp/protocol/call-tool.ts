import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { JsonObject } from "../../../base/json-object.ts";
import { problemAnswer } from "../../../tools/problem-answer.ts";
import type { Tool, ToolAnswer, ToolContext } from "../../../tools/tool.ts";
import type { McpOffer } from "../offer.ts";
import { followProgress } from "./follow-progress.ts";
import { InputRequired } from "./input-required.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/** The call that a request asks for: the members of its `params`, not checked. */
export interface ToolCall {
  readonly name: unknown;
  readonly given: unknown;
}

/** The way back to the client of one call. */
export interface CallLink extends ToolContext {
  /** Under which the client wants to hear of progress. `undefined`: it does not. */
  readonly progressToken: string | number | undefined;
  /** Sends a notification that belongs to the call, ahead of the answer. */
  notify(method: string, params: JsonObject): void;
}

/** The outcome of a call: an answer, or questions for a person that come back with the next request (2026-07-28). */
export type CallOutcome = ToolAnswer | InputRequired;

/** Parts that every transport of the protocol has. */
export interface ProtocolSettings {
  /** Told of what the operator has to mend: clients are told no more than that something is wrong. */
  readonly report: (error: unknown) => void;
}

const byName = new WeakMap<McpOffer, ReadonlyMap<string, Tool>>();

/** Returns the tool of a name. */
function toolOf(offer: McpOffer, name: string): Tool | undefined {
  let tools = byName.get(offer);
  if (tools === undefined) {
    const written = offer.tools.map(tool => [tool.writtenName ?? tool.name, tool] as const);
    tools = new Map([...written, ...offer.tools.map(tool => [tool.name, tool] as const)]);
    byName.set(offer, tools);
  }
  return tools.get(name);
}

/**
 * Calls a tool, for every revision and every transport.
 *
 * @throws ProtocolFault for a tool that nobody knows, and for faults of the program; the reason of `link.signal`
 */
export async function callTool(
  offer: McpOffer,
  { name, given }: ToolCall,
  link: CallLink,
  { report }: ProtocolSettings,
): Promise<CallOutcome> {
  if (typeof name !== "string") throw new ProtocolFault(INVALID_PARAMS, 'Invalid params: "name" has to be a string');
  const tool = toolOf(offer, name);
  if (tool === undefined) return refuseUnknown(offer, name);
  const stop = link.progressToken === undefined ? undefined : followProgress(link.progressToken, link);
  try {
    return await tool.call(given, link);
  } catch (error) {
    if (error instanceof InputRequired) return error;
    if (error instanceof ProtocolFault || link.signal.aborted) throw error;
    report(error);
    throw new ProtocolFault(INTERNAL_ERROR, "The server has failed");
  } finally {
    stop?.();
  }
}

/** Answers that a tool is refused; throws for one that is unknown. */
function refuseUnknown(offer: McpOffer, name: string): ToolAnswer {
  const refusal = offer.refusalOf(name);
  if (refusal !== undefined) return problemAnswer(refusal);
  const names = offer.tools.map(tool => tool.name);
  const shown = JSON.stringify(name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}…` : name);
  throw new ProtocolFault(INVALID_PARAMS, `Unknown tool: ${shown}${didYouMean(suggest(name, names))}`);
}

const LONGEST_SHOWN = 100;
