import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { JSONRPCNotification, JSONRPCRequest, McpHttpHandler } from "@modelcontextprotocol/server";
import { isJsonObject, type JsonObject, member, objectOf } from "../../../base/json-object.ts";
import { callerFieldsOf } from "../../../serving/caller-fields-of.ts";
import { goneSignal } from "../../../serving/gone-signal.ts";
import { Refusal } from "../../../serving/refusal.ts";
import type { McpOffer } from "../offer.ts";
import type { CallLink, ProtocolSettings } from "../protocol/call-tool.ts";
import { confirmByRetry } from "../protocol/confirm-by-retry.ts";
import { CALLER_FIELDS, createServer } from "../protocol/create-server.ts";
import { classifyInboundRequest, createMcpHandler } from "../protocol/mcp-package.ts";
import { answerCall, answerList, isWholeList, type RpcRequest } from "./answer-call.ts";
import { Exchange } from "./exchange.ts";
import { type Posted, toolName } from "./posted.ts";

/** The revision whose requests stand by themselves. */
const MODERN = "2026-07-28";
const PREFIX = "io.modelcontextprotocol/";

/** Tells whether a message says of itself that it is of revision 2026-07-28 or a later one. */
export function isModern(message: { readonly params?: unknown }, headers: IncomingHttpHeaders): boolean {
  const meta = objectOf(message.params)["_meta"];
  return (
    headers["mcp-protocol-version"] === MODERN ||
    (isJsonObject(meta) && Object.hasOwn(meta, `${PREFIX}protocolVersion`))
  );
}

type ModernMessage = JSONRPCRequest | JSONRPCNotification;

/** Answers requests of revision 2026-07-28. */
export class ModernRequests {
  readonly #offer: () => McpOffer;
  readonly #settings: ProtocolSettings;
  readonly #handler: McpHttpHandler;
  #isClosed = false;

  constructor(offer: () => McpOffer, settings: ProtocolSettings) {
    this.#offer = offer;
    this.#settings = settings;
    this.#handler = createMcpHandler(
      ({ authInfo }) => createServer(offer, { era: "modern", caller: authInfo?.clientId ?? "" }, settings),
      { legacy: "reject", onerror: () => {} },
    );
  }

  /** Takes a message. Calls and lists of tools are answered without the official package. */
  take(message: ModernMessage, { request, raw, accepts, caller = "", found }: Posted): void | Promise<void> {
    const signal = goneSignal(request);
    if (!("id" in message)) return this.#pass(message, request, raw, signal, caller);
    const span = found(message.method, toolName(message));
    const isCall = message.method === "tools/call";
    if (!(isCall || isWholeList(message)) || !isValid(message, request.headers))
      return this.#pass(message, request, raw, signal, caller);
    const exchange = new Exchange(raw, accepts, { sessionId: undefined, awaited: 1, isBatch: false });
    const surroundings = {
      offer: this.#offer(),
      era: "modern",
      caller,
      exchange,
      span,
      settings: this.#settings,
    } as const;
    return isCall
      ? answerCall(message, signal, confirmOf(message, caller), surroundings)
      : answerList(message, surroundings);
  }

  /** Lets the official package answer a message. */
  async #pass(
    message: ModernMessage,
    { headers }: IncomingMessage,
    raw: ServerResponse,
    signal: AbortSignal,
    caller: string,
  ): Promise<void> {
    if (this.#isClosed) throw new Refusal(503, "The server is shutting down");
    const gone = new AbortController();
    raw.once("close", () => gone.abort());
    const request = new Request("http://localhost/", {
      method: "POST",
      headers: Object.entries(headers).flatMap(([name, value]) =>
        typeof value === "string" && PASSED.test(name) ? [[name, value] as [string, string]] : [],
      ),
      signal: signal.aborted ? signal : gone.signal,
    });
    const response = await this.#handler.fetch(request, {
      parsedBody: message,
      authInfo: { token: "", clientId: caller, scopes: [], extra: { [CALLER_FIELDS]: callerFieldsOf(raw.req) } },
    });
    if (raw.destroyed) return;
    raw.writeHead(response.status, { ...Object.fromEntries(response.headers), "x-content-type-options": "nosniff" });
    if (response.body === null) raw.end();
    else await pipeline(Readable.fromWeb(response.body as never), raw).catch(() => {});
  }

  changed({ resources, prompts }: McpOffer): void {
    const { notify } = this.#handler;
    notify.toolsChanged();
    if (resources !== undefined) notify.resourcesChanged();
    if (prompts !== undefined) notify.promptsChanged();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#handler.close();
  }
}

/** Returns what asks the person behind the client of a call. */
function confirmOf({ params }: RpcRequest, caller: string): CallLink["confirm"] {
  const { name, arguments: given = {}, _meta: meta, inputResponses, requestState } = objectOf(params);
  const capabilities = member(objectOf(meta), `${PREFIX}clientCapabilities`);
  return confirmByRetry({ name, given, capabilities, caller, inputResponses, requestState });
}

/** Fields of a request that the package reads. */
const PASSED = /^(?:mcp-[a-z-]+|content-type|accept)$/;

/** Tells whether a request is as the revision wants it. The official package tells of others what is wrong with them. */
function isValid(request: RpcRequest, headers: IncomingHttpHeaders): boolean {
  const { method } = request;
  const { name, _meta: meta } = objectOf(request.params);
  if (!isJsonObject(meta) || meta[`${PREFIX}protocolVersion`] !== MODERN) return false;
  if (headers["mcp-protocol-version"] !== MODERN || headers["mcp-method"] !== method) return false;
  if (method === "tools/call" && (typeof name !== "string" || decodedName(headers["mcp-name"]) !== name)) return false;
  return hasUsualClient(meta) || classifyInboundRequest({ ...HEAD_OF_VALID, body: request }).kind === "modern";
}

/** The head of a request that agrees with its body, which alone is left to be looked at. */
const HEAD_OF_VALID = { httpMethod: "POST", protocolVersionHeader: MODERN };

/** Returns the name in a header, where those with other characters than ASCII are packed. */
function decodedName(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  const [, packed] = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header) ?? [];
  return packed === undefined ? header : Buffer.from(packed, "base64").toString();
}

/** Tells whether the client says of itself what nearly all do: that need not be looked at by the schemas of the package. */
function hasUsualClient(meta: JsonObject): boolean {
  const capabilities = member(meta, `${PREFIX}clientCapabilities`);
  if (!isJsonObject(capabilities) || Object.hasOwn(meta, `${PREFIX}logLevel`)) return false;
  for (const name in capabilities) {
    const capability = capabilities[name];
    if (!isJsonObject(capability) || Object.keys(capability).length > 0) return false;
  }
  const client = member(meta, `${PREFIX}clientInfo`);
  if (client === undefined) return true;
  if (!isJsonObject(client)) return false;
  const { name, version, ...others } = client;
  return typeof name === "string" && typeof version === "string" && Object.keys(others).length === 0;
}
