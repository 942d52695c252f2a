import { PassThrough } from "node:stream";
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { McpOffer } from "../../src/surfaces/mcp/offer.ts";
import { LineSplitter } from "../../src/surfaces/mcp/stdio/line-splitter.ts";
import { serveStdio } from "../../src/surfaces/mcp/stdio/serve-stdio.ts";

/** Major of the official packages. */
export type Major = "1" | "2";

/** The revisions of the protocol, and the clients that speak them. */
export const REVISIONS: readonly (readonly [revision: string, majors: readonly Major[]])[] = [
  ["2024-11-05", ["1", "2"]],
  ["2025-03-26", ["1", "2"]],
  ["2025-06-18", ["1", "2"]],
  ["2025-11-25", ["1", "2"]],
  ["2026-07-28", ["2"]],
];

export const MODERN = "2026-07-28";

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number; readonly message?: string | undefined }) => void;
}

/** What a call of a tool gives, as both clients read it. */
interface CallResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

/** An official client that is connected. */
export interface OfficialClient
  extends Pick<
    NewClient,
    | "listTools"
    | "listResources"
    | "listResourceTemplates"
    | "readResource"
    | "listPrompts"
    | "getPrompt"
    | "getInstructions"
    | "getServerVersion"
    | "close"
  > {
  callTool(name: string, given: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<CallResult>;
}

/** The end of a connection that a client uses, of any of the packages. */
interface ClientTransport {
  onmessage?: (message: never) => void;
  onclose?: () => void;
  start(): Promise<void>;
  send(message: never, options?: never): Promise<void>;
  close(): Promise<void>;
}

interface ClientOptions {
  /** Answers questions to the person. Absent: the client has nobody to ask. */
  readonly onElicitation?: (question: string) => "accept" | "decline" | "cancel";
}

/** Connects an official client that speaks a revision. */
export async function connectClient(
  major: Major,
  revision: string,
  transport: unknown,
  { onElicitation }: ClientOptions = {},
): Promise<OfficialClient> {
  const capabilities = onElicitation === undefined ? {} : { elicitation: {} };
  const info = { name: "test", version: "1.0.0" };
  const answer = onElicitation && elicitationAnswer(onElicitation);
  if (major === "1") {
    const client = new OldClient(info, { capabilities });
    if (answer !== undefined) {
      const { ElicitRequestSchema } = await import("@modelcontextprotocol/sdk/types.js");
      client.setRequestHandler(ElicitRequestSchema, answer as never);
    }
    await client.connect(asking(revision, transport as ClientTransport) as never);
    const callTool: OfficialClient["callTool"] = (name, given, options) =>
      client.callTool({ name, arguments: given }, undefined, options) as never;
    return Object.assign(Object.create(client) as object, { callTool }) as OfficialClient;
  }
  const negotiation =
    revision === MODERN
      ? { versionNegotiation: { mode: { pin: revision } } }
      : { supportedProtocolVersions: [revision] };
  const client = new NewClient(info, { capabilities, ...negotiation });
  if (answer !== undefined) client.setRequestHandler("elicitation/create", answer as never);
  await client.connect(transport as never);
  const callTool: OfficialClient["callTool"] = (name, given, options) =>
    client.callTool({ name, arguments: given }, options) as never;
  return Object.assign(Object.create(client) as object, { callTool }) as OfficialClient;
}

function elicitationAnswer(decide: NonNullable<ClientOptions["onElicitation"]>) {
  return ({ params }: { params: { message: string } }) => {
    const action = decide(params.message);
    return action === "accept" ? { action, content: {} } : { action };
  };
}

/** Makes the client of the first major, which always asks for the newest revision that it knows, ask for another one. */
function asking(revision: string, transport: ClientTransport): ClientTransport {
  const send = transport.send.bind(transport) as (message: object, options: never) => Promise<void>;
  transport.send = async (message: { method?: string; params?: object }, options) =>
    send(
      message.method === "initialize"
        ? { ...message, params: { ...message.params, protocolVersion: revision } }
        : message,
      options as never,
    );
  return transport;
}

/** Makes the transport of an official client over HTTP. */
export function httpTransport(major: Major, url: string): unknown {
  return major === "1" ? new OldHttp(new URL(url)) : new NewHttp(new URL(url));
}

/** A server over streams in this process. */
export interface StreamServer {
  /** The client's end. */
  readonly transport: ClientTransport;
  /** Lines that the server has written. */
  readonly lines: readonly string[];
  /** Writes bytes as a client that has no package. */
  write(text: string | Uint8Array): void;
  /** Ends the server's input. */
  end(): void;
  /** Settles when the server has ended. */
  readonly ended: Promise<void>;
  /** Errors that the operator was told of. */
  readonly reports: readonly unknown[];
}

/** Serves an offer over streams. */
export function serveStreams(offer: McpOffer): StreamServer {
  const input = new PassThrough();
  const output = new PassThrough();
  const splitter = new LineSplitter(Number.POSITIVE_INFINITY);
  const lines: string[] = [];
  const reports: unknown[] = [];
  const end = new AbortController();
  const transport: ClientTransport = {
    async start() {},
    async send(message) {
      input.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      input.end();
      await ended;
      transport.onclose?.();
    },
  };
  output.on("data", (piece: Uint8Array) => {
    for (const line of splitter.split(piece)) {
      const text = Buffer.from(line as Uint8Array).toString();
      lines.push(text);
      transport.onmessage?.(JSON.parse(text) as never);
    }
  });
  const streams = { input, output: { write: (line: string) => output.write(line) }, signal: end.signal };
  const ended = serveStdio(() => offer, streams, { report: error => reports.push(error) });
  return { transport, lines, reports, ended, write: text => input.write(text), end: () => input.end() };
}
