import type { jsonSchemaValidator as JsonSchemaValidator, ServerContext } from "@modelcontextprotocol/server";
import { parseExact } from "../../../base/numbers/exact-json.ts";
import type { CallerFields } from "../../../engine/binds/caller-fields.ts";
import type { McpOffer, McpPrompts, McpResources, ResourceContents } from "../offer.ts";
import { type CallLink, callTool, type ProtocolSettings, type ToolCall } from "./call-tool.ts";
import { confirmByRequest } from "./confirm-by-request.ts";
import { confirmByRetry } from "./confirm-by-retry.ts";
import { type Era, structuredFor } from "./era.ts";
import { handleRequest, requireFirstPage, textOf, textsOf, told } from "./handle-request.ts";
import { handleSkills, SKILLS_EXTENSION } from "./handle-skills.ts";
import { InputRequired } from "./input-required.ts";
import { inputRequired, Server } from "./mcp-package.ts";
import { listedEntry, listedTools, plainText, serverInfo } from "./offered-lists.ts";
import { INVALID_PARAMS, ProtocolFault } from "./protocol-fault.ts";

/** The other side of a server. */
export interface ServedClient {
  readonly era: Era;
  /** As {@link CallLink.caller}. */
  readonly caller: string;
}

/**
 * Makes a server of the official package: one for a connection of the older revisions, one for each request of 2026-07-28.
 * It holds nothing of what is offered, which is asked for at each request.
 *
 * Structured answers are given as values with exact numbers: the transport has to write them by `stringify`.
 */
export function createServer(offer: () => McpOffer, { era, caller }: ServedClient, settings: ProtocolSettings): Server {
  const { instructions, resources, prompts, ...first } = offer();
  const server = new Server(serverInfo({ ...first, instructions, resources, prompts }), {
    capabilities: {
      tools: { listChanged: true },
      ...(resources === undefined ? {} : { resources: { listChanged: true } }),
      ...(prompts === undefined ? {} : { prompts: { listChanged: true } }),
      ...(era === "legacy" ? { logging: {} } : {}),
      ...(resources?.skills === undefined ? {} : { extensions: { [SKILLS_EXTENSION]: {} } }),
    },
    ...(instructions === undefined ? {} : { instructions: plainText(instructions) }),
    jsonSchemaValidator: NO_VALIDATOR,
  });
  handleTools(server, offer, { era, caller }, settings);
  if (resources !== undefined) handleResources(server, () => offer().resources, settings);
  if (resources?.skills !== undefined) handleSkills(server, () => offer().resources?.skills, era, settings);
  if (prompts !== undefined) handlePrompts(server, () => offer().prompts, settings);
  return server;
}

/** Name under which the fields of a request go through the package, with what it takes to know its caller. */
export const CALLER_FIELDS = "callerFields";

/** Arguments are checked by the tools themselves, and answers of people where they are asked. */
const NO_VALIDATOR: JsonSchemaValidator = {
  getValidator: () => input => ({ valid: true, data: input as never, errorMessage: undefined }),
};

function handleTools(
  server: Server,
  offer: () => McpOffer,
  { era, caller }: ServedClient,
  settings: ProtocolSettings,
): void {
  handleRequest(server, "tools/list", params => {
    requireFirstPage(params);
    return { tools: listedTools(offer(), era) };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const call = { name: params.name, given: params.arguments ?? {} };
    const outcome = await callTool(offer(), call, linkOf(server, context, { era, caller }, call), settings);
    if (outcome instanceof InputRequired)
      return inputRequired({
        inputRequests: outcome.inputRequests as never,
        requestState: outcome.requestState,
      });
    const { content, isError } = outcome;
    const structured = structuredFor(era, outcome.structured);
    const structuredContent = structured === undefined ? {} : { structuredContent: parseExact(structured, "written") };
    return { content: [...content], ...structuredContent, isError } as never;
  });
}

/** Returns the way back to the client of a call that the package has read. */
function linkOf(server: Server, { mcpReq }: ServerContext, { era, caller }: ServedClient, call: ToolCall): CallLink {
  const { id, signal, inputResponses, requestState } = mcpReq;
  const capabilities = mcpReq.envelope?.["io.modelcontextprotocol/clientCapabilities" as never];
  const confirm =
    era === "legacy"
      ? confirmByRequest(server, id, signal)
      : confirmByRetry({ ...call, capabilities, caller, inputResponses, requestState: requestState() });
  return {
    caller,
    signal,
    progressToken: mcpReq._meta?.progressToken,
    notify: (method, params) => {
      // A client that has gone hears nothing.
      mcpReq.notify({ method, params } as never).catch(() => {});
    },
    confirm,
  };
}

function handleResources(server: Server, offered: () => McpResources | undefined, { report }: ProtocolSettings): void {
  handleRequest(server, "resources/list", async params => {
    requireFirstPage(params);
    const entries = await told(report, async () => (await offered()?.list()) ?? []);
    return { resources: entries.map(listedEntry) };
  });
  handleRequest(server, "resources/templates/list", params => {
    requireFirstPage(params);
    return { resourceTemplates: (offered()?.templates ?? []).map(listedEntry) };
  });
  handleRequest(server, "resources/read", async (params, { mcpReq: { signal }, http }) => {
    const uri = textOf(params, "uri");
    const fields = http?.authInfo?.extra?.[CALLER_FIELDS] as CallerFields | undefined;
    const contents = await told(report, async () => offered()?.read(uri, signal, fields), signal);
    if (contents === undefined)
      throw new ProtocolFault(INVALID_PARAMS, `Resource not found: ${JSON.stringify(shortened(uri))}`, { uri });
    return { contents: contents.map(withoutUndefined) };
  });
}

function withoutUndefined({ mimeType, ...contents }: ResourceContents) {
  return mimeType === undefined ? contents : { ...contents, mimeType };
}

function handlePrompts(server: Server, offered: () => McpPrompts | undefined, { report }: ProtocolSettings): void {
  handleRequest(server, "prompts/list", params => {
    requireFirstPage(params);
    return { prompts: (offered()?.list ?? []).map(listedEntry) };
  });
  handleRequest(server, "prompts/get", async params => {
    const name = textOf(params, "name");
    const given = textsOf(params, "arguments");
    const prompts = offered();
    const messages = await told(report, async () => prompts?.get(name, given));
    if (messages === undefined)
      throw new ProtocolFault(INVALID_PARAMS, `Unknown prompt: ${JSON.stringify(shortened(name))}`);
    const description = prompts?.list.find(prompt => prompt.name === name)?.description;
    return {
      ...(description === undefined ? {} : { description: plainText(description) }),
      messages: messages.map(({ role, text }) => ({ role, content: { type: "text", text } })),
    };
  });
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

const LONGEST_SHOWN = 200;
