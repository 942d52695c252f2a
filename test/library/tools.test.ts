import Anthropic from "@anthropic-ai/sdk";
import { generateText, stepCountIs, type ToolSet } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Capability } from "../../src/library/capability.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { capabilityText, input, required } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const text = capabilityText({
  namespace: "desk",
  operations: [
    { name: "get-ticket", method: "GET", path: "/tickets/{id}", inputParameters: [] },
    { name: "list-tickets", method: "GET", path: "/tickets", inputParameters: [input("state", "query")] },
    { name: "add-ticket", method: "POST", path: "/tickets", inputParameters: [required("body", "body", "object")] },
  ],
});

const TICKET = { id: 7, title: "Printer on fire", state: "open" };

let upstream: Upstream;
let desk: Capability;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  upstream = await start(({ url }, response) => {
    if (url === "/tickets/7") return answerJson(response, 200, TICKET);
    if (url.startsWith("/tickets?") || url === "/tickets")
      return answerJson(response, 200, {
        tickets: Array.from({ length: 400 }, (_, index) => ({ ...TICKET, id: index })),
      });
    response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no such ticket"}');
  });
  desk = await open();
});

afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function start(answer: Answerer): Promise<Upstream> {
  const started = await startUpstream(answer);
  opened.push(started);
  return started;
}

async function open(options: OpenOptions = {}): Promise<Capability> {
  const file = await temporaryFolder({ "desk.yaml": text });
  const capability = await openCapability(`${file}/desk.yaml`, { baseUri: upstream.url, retries: 0, ...options });
  opened.push(capability);
  return capability;
}

const names = async (...given: Parameters<Capability["tools"]>) =>
  (await desk.tools(...given)).definitions.map(({ name }) => name);

describe("tools()", () => {
  test("gives all operations, some, or those that read", async () => {
    expect(await names()).toEqual(["get-ticket", "list-tickets", "add-ticket"]);
    expect(await names({ operations: ["add-ticket", "GET /tickets"] })).toEqual(["add-ticket", "list-tickets"]);
    expect(await names({ readOnly: true })).toEqual(["get-ticket", "list-tickets"]);
  });

  test("gives none that the policy refuses", async () => {
    desk = await open({ policy: { readOnly: true } });
    expect(await names()).toEqual(["get-ticket", "list-tickets"]);
    const refused = await (await desk.tools()).call("add-ticket", { body: {} });
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain("add-ticket may not be called, since the policy of the options is read-only");
  });

  test.each([
    [{ operations: ["none"] }, /no operation "none"/],
    [{ readonly: true }, /Unknown option "readonly"; did you mean "readOnly"\?/],
    [{ maxTokens: 5 }, /maxTokens must be a whole number/],
    [{ format: "xml" }, /format must be "json" or "toon" or "csv"/],
  ])("refuses %j", async (options, message) => {
    await expect(desk.tools(options as object)).rejects.toThrow(message);
  });
});

describe("call()", () => {
  test("takes an object, or its JSON", async () => {
    const tools = await desk.tools();
    const expected = { text: JSON.stringify(TICKET), isError: false };
    expect(await tools.call("get-ticket", { id: "7" })).toMatchObject(expected);
    expect(await tools.call("get-ticket", '{"id":"7"}')).toMatchObject(expected);
    expect(await tools.call("list-tickets", "")).toMatchObject({ isError: false });
  });

  test.each([
    ["get-tickt", {}, /^Nothing was sent: there is no tool "get-tickt"; did you mean "get-ticket"/],
    ["get-ticket", "{id", /^Nothing was sent: the arguments of get-ticket are no JSON: /],
    ["get-ticket", {}, /"id": it is required, and missing/],
    ["get-ticket", { id: "9" }, /404 Not Found\n\{"message":"no such ticket"\}/],
    ["list-tickets", { select: "$[" }, /as JSONPath/],
  ])("tells the model what is wrong: %s %j", async (name, given, says) => {
    const result = await (await desk.tools()).call(name, given);
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(says);
  });

  test("cuts an answer, and continues it without another call", async () => {
    const tools = await desk.tools({ maxTokens: 500 });
    const first = await tools.call("list-tickets", {});
    const cursor = /"cursor": "([^"]+)"/.exec(first.text)?.[1];
    expect((await tools.call("list-tickets", { cursor })).text).toMatch(/^\{"tickets":\[\{"id":\d\d,/);
    expect(upstream.requests.length).toBe(1);
  });

  test("ends with its signal", async () => {
    const silent = await start(() => {});
    const tools = await (await open({ baseUri: silent.url })).tools();
    const ending = new AbortController();
    const call = tools.call("get-ticket", { id: "7" }, { signal: ending.signal });
    ending.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });

  test("asks before what the policy wants confirmed", async () => {
    desk = await open({ policy: { confirm: "writes" } });
    const asked: string[] = [];
    const confirm = async (question: string) => asked.push(question) > 1;
    const tools = await desk.tools({ confirm });
    expect((await tools.call("add-ticket", { body: { title: "x" } })).isError).toBe(true);
    expect(upstream.requests).toEqual([]);
    expect((await tools.call("add-ticket", { body: { title: "x" } })).text).toContain('"id":0');
    expect(asked.length).toBe(2);
  });
});

// ---- Whole conversations: the model asks for a tool, which calls the API, and gets its answer. ----

/** Starts an API of models that asks for a tool first, and then ends. */
async function startModel(replies: readonly object[]): Promise<Upstream> {
  let next = 0;
  return start((_request, response) => answerJson(response, 200, replies[next++] ?? {}));
}

test("the AI SDK calls the tools, and gives their answers to the model", async () => {
  const { aiSdk } = await desk.tools();
  const tools: ToolSet = aiSdk;
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const call = (toolCallId: string, id: string) =>
    ({ type: "tool-call", toolCallId, toolName: "get-ticket", input: JSON.stringify({ id }) }) as const;
  const model = new MockLanguageModelV3({
    doGenerate: [
      {
        content: [call("1", "7"), call("2", "9")],
        finishReason: { unified: "tool-calls", raw: "tool_calls" },
        usage,
        warnings: [],
      },
      {
        content: [{ type: "text", text: "It burns." }],
        finishReason: { unified: "stop", raw: "stop" },
        usage,
        warnings: [],
      },
    ],
  });
  const { text } = await generateText({ model, tools, prompt: "Ticket 7?", stopWhen: stepCountIs(3) });
  expect(text).toBe("It burns.");
  const [first, second] = model.doGenerateCalls;
  expect(first?.tools?.[0]).toMatchObject({
    type: "function",
    name: "get-ticket",
    inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  });
  const given = second?.prompt.flatMap(message => (message.role === "tool" ? message.content : []));
  expect(given).toMatchObject([
    { toolCallId: "1", output: { type: "text", value: JSON.stringify(TICKET) } },
    { toolCallId: "2", output: { type: "error-text", value: expect.stringContaining("no such ticket") } },
  ]);
});

test("OpenAI's chat completions take the tools", async () => {
  const tools = await desk.tools();
  const asking = { name: "get-ticket", arguments: '{"id":"7"}' };
  const message = { role: "assistant", content: null, tool_calls: [{ id: "1", type: "function", function: asking }] };
  const api = await startModel([
    { choices: [{ index: 0, finish_reason: "tool_calls", message }] },
    { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "It burns." } }] },
  ]);
  const client = new OpenAI({ apiKey: "key", baseURL: api.url });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Ticket 7?" }];
  const ask = () => client.chat.completions.create({ model: "m", messages, tools: tools.openaiChat });
  const first = (await ask()).choices[0]?.message;
  if (first === undefined) throw new Error("no message");
  messages.push(first);
  for (const call of first.tool_calls ?? []) {
    if (call.type !== "function") continue;
    const { text } = await tools.call(call.function.name, call.function.arguments);
    messages.push({ role: "tool", tool_call_id: call.id, content: text });
  }
  expect((await ask()).choices[0]?.message.content).toBe("It burns.");
  const [, second] = api.requests.map(({ body }) => JSON.parse(body));
  expect(second.messages.at(-1)).toEqual({ role: "tool", tool_call_id: "1", content: JSON.stringify(TICKET) });
  expect(second.tools[0]).toMatchObject({
    type: "function",
    function: { name: "get-ticket", parameters: { type: "object", required: ["id"] }, strict: false },
  });
});

test("OpenAI's responses take the tools", async () => {
  const tools = await desk.tools();
  const asking = { type: "function_call", call_id: "1", name: "get-ticket", arguments: '{"id":"7"}' };
  const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: "It burns." }] };
  const api = await startModel([
    { object: "response", output: [asking] },
    { object: "response", output: [said] },
  ]);
  const client = new OpenAI({ apiKey: "key", baseURL: api.url });
  const conversation: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Ticket 7?" }];
  const ask = () => client.responses.create({ model: "m", input: conversation, tools: tools.openaiResponses });
  for (const item of (await ask()).output) {
    if (item.type !== "function_call") continue;
    const { text } = await tools.call(item.name, item.arguments);
    conversation.push(item, { type: "function_call_output", call_id: item.call_id, output: text });
  }
  expect((await ask()).output_text).toBe("It burns.");
  const [, second] = api.requests.map(({ body }) => JSON.parse(body));
  expect(second.input.at(-1)).toMatchObject({ call_id: "1", output: JSON.stringify(TICKET) });
  expect(second.tools[0]).toMatchObject({ type: "function", name: "get-ticket", strict: false });
});

test("Anthropic's messages take the tools", async () => {
  const tools = await desk.tools();
  const asking = { type: "tool_use", id: "1", name: "get-ticket", input: { id: "9" } };
  const api = await startModel([
    { type: "message", role: "assistant", stop_reason: "tool_use", content: [asking] },
    { type: "message", role: "assistant", stop_reason: "end_turn", content: [{ type: "text", text: "None." }] },
  ]);
  const client = new Anthropic({ apiKey: "key", baseURL: api.url });
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Ticket 9?" }];
  const ask = () => client.messages.create({ model: "m", max_tokens: 100, messages, tools: tools.anthropic });
  const { content } = await ask();
  messages.push({ role: "assistant", content });
  for (const part of content) {
    if (part.type !== "tool_use") continue;
    const { text, isError } = await tools.call(part.name, part.input);
    const result = { type: "tool_result", tool_use_id: part.id, content: text, is_error: isError } as const;
    messages.push({ role: "user", content: [result] });
  }
  expect((await ask()).content).toMatchObject([{ text: "None." }]);
  const [, second] = api.requests.map(({ body }) => JSON.parse(body));
  expect(second.messages.at(-1).content[0]).toMatchObject({
    tool_use_id: "1",
    is_error: true,
    content: expect.stringContaining("no such ticket"),
  });
  expect(second.tools[0]).toMatchObject({ name: "get-ticket", input_schema: { type: "object", required: ["id"] } });
});
