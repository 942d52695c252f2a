import { setTimeout as pause } from "node:timers/promises";
import { objectOf } from "../../src/base/json-object.ts";
import { stringify } from "../../src/base/numbers/exact-json.ts";
import type { McpOffer } from "../../src/surfaces/mcp/offer.ts";
import type { Tool, ToolAnswer, ToolContext } from "../../src/tools/tool.ts";

/** An offer with one of each, and what has become of its calls. */
export interface SampleOffer {
  readonly offer: McpOffer;
  /** Tags of calls of `wait` that have begun. */
  readonly begun: string[];
  /** Tags of calls of `wait` that were aborted. */
  readonly aborted: string[];
}

/** Makes an offer whose tools call nothing. */
export function sampleOffer(): SampleOffer {
  const begun: string[] = [];
  const aborted: string[] = [];
  const wait = async (given: unknown, { signal }: ToolContext) => {
    const { ms = 60_000, tag = "" } = objectOf(given);
    begun.push(String(tag));
    try {
      await pause(Number(ms), undefined, { signal });
    } catch (error) {
      aborted.push(String(tag));
      throw error;
    }
    return answer("Waited");
  };
  const tools = [
    tool("echo", given => structured(`{"given":${stringify(given)},"large":12345678901234567890}`), {
      outputSchema: { type: "object", properties: { given: {}, large: { type: "number" } }, required: ["given"] },
      annotations: { readOnlyHint: true },
    }),
    tool("fail", () => ({ ...answer("HTTP 500 Internal Server Error"), isError: true })),
    tool("picture", () => ({
      content: [{ type: "image", data: "iVBORw==", mimeType: "image/png" }],
      structured: undefined,
      isError: false,
    })),
    tool("wait", wait),
    tool("confirm", async (_, { confirm }) =>
      answer(confirm === undefined ? "Nobody" : String(await confirm("Sure?"))),
    ),
  ];
  return { offer: offerOf(tools), begun, aborted };
}

function offerOf(tools: readonly Tool[]): McpOffer {
  return {
    name: "sample",
    title: "Sample",
    version: "1.2.3",
    instructions: "Ask before you write.",
    tools,
    refusalOf: name => (name === "forbidden" ? "Tool forbidden is refused: it writes" : undefined),
    resources: {
      list: async () => [{ ...named("note"), uri: "notes://one", mimeType: "text/plain", size: 5 }],
      skills: undefined,
      templates: [{ ...named("notes"), uriTemplate: "notes://by/{id}", mimeType: "application/json" }],
      read: async uri => {
        if (uri === "notes://one") return [{ uri, mimeType: "text/plain", text: "Hello" }];
        const [, id] = /^notes:\/\/by\/([^/]+)$/.exec(uri) ?? [];
        return id === undefined ? undefined : [{ uri, mimeType: "application/json", text: JSON.stringify({ id }) }];
      },
    },
    prompts: {
      list: [{ ...named("triage"), arguments: [{ ...named("ticket"), required: true }] }],
      get: async (name, { ticket }) => (name === "triage" ? [{ role: "user", text: `Classify ${ticket}` }] : undefined),
    },
  };
}

function named(name: string) {
  return { name, title: `The ${name}`, description: `About ${name}`, mimeType: undefined };
}

type Work = (given: unknown, context: ToolContext) => ToolAnswer | Promise<ToolAnswer>;

function tool(name: string, work: Work, more: Partial<Tool> = {}): Tool {
  return {
    name,
    title: undefined,
    description: `Does ${name}`,
    inputSchema: { type: "object" },
    outputSchema: undefined,
    annotations: {},
    call: async (given, context) => work(given, context),
    ...more,
  };
}

function answer(text: string): ToolAnswer {
  return { content: [{ type: "text", text }], structured: undefined, isError: false };
}

function structured(text: string): ToolAnswer {
  return { content: [{ type: "text", text }], structured: text, isError: false };
}
