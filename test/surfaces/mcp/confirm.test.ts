import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { objectOf } from "../../../src/base/json-object.ts";
import { connectClient, MODERN, REVISIONS, serveStreams } from "../../support/mcp-clients.ts";
import { sampleOffer } from "../../support/mcp-offer.ts";

// How a person is asked through a client: by elicitation, or on 2026-07-28 by an answer that wants the call again.

const rows = REVISIONS.filter(([revision]) => revision >= "2025-06-18").flatMap(([revision, majors]) =>
  majors.map(major => [major, revision] as const),
);

describe.each(rows)("a client %s.x of revision %s", (major, revision) => {
  it.each([
    { action: "accept", answer: "true" },
    { action: "decline", answer: "false" },
    { action: "cancel", answer: "false" },
    { action: undefined, answer: "Nobody" },
  ] as const)("whose person answers $action gives $answer", async ({ action, answer }) => {
    const asked: string[] = [];
    const onElicitation = (question: string) => {
      asked.push(question);
      return action ?? "cancel";
    };
    const server = serveStreams(sampleOffer().offer);
    const client = await connectClient(major, revision, server.transport, action && { onElicitation });
    const { content } = await client.callTool("confirm", {});
    expect(content).toEqual([{ type: "text", text: answer }]);
    expect(asked).toEqual(action === undefined ? [] : ["Sure?"]);
    server.end();
    await server.ended;
    expect(server.reports).toEqual([]);
  });
});

describe("on 2026-07-28, a call that is sent again", () => {
  const META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
  };

  /** Calls the tool `confirm` without a package. */
  function open() {
    const server = serveStreams(sampleOffer().offer);
    let id = 0;
    const call = async (given: object, more: object = {}) => {
      const params = { name: "confirm", arguments: given, _meta: META, ...more };
      server.write(`${JSON.stringify({ jsonrpc: "2.0", id: ++id, method: "tools/call", params })}\n`);
      const answered = () => server.lines.map(line => objectOf(JSON.parse(line))).find(line => line["id"] === id);
      while (answered() === undefined) await pause(2);
      return answered() as { result?: { requestState?: string; content?: unknown }; error?: { code: number } };
    };
    const ask = async (given: object) => (await call(given)).result?.requestState ?? "";
    return { server, call, ask };
  }

  const ACCEPTED = { inputResponses: { confirm: { action: "accept", content: {} } } };

  it("is done once", async () => {
    const { call, ask } = open();
    const requestState = await ask({ a: 1 });
    const { result } = await call({ a: 1 }, { ...ACCEPTED, requestState });
    expect(result).toMatchObject({ resultType: "complete", content: [{ type: "text", text: "true" }] });
    expect((await call({ a: 1 }, { ...ACCEPTED, requestState })).error).toMatchObject({ code: -32602 });
  });

  it.each<{ what: string; change: (state: string) => object; given?: object }>([
    { what: "with other arguments", change: requestState => ({ requestState }), given: { a: 2 } },
    { what: "with a state of its own", change: state => ({ requestState: state.replace(/^v1\../, "v1.X") }) },
    { what: "with an empty state", change: () => ({ requestState: "" }) },
  ])("$what is refused", async ({ change, given = { a: 1 } }) => {
    const { call, ask } = open();
    const state = await ask({ a: 1 });
    expect((await call(given, { ...ACCEPTED, ...change(state) })).error).toMatchObject({ code: -32602 });
  });

  it("without an answer is asked about again", async () => {
    const { call, ask } = open();
    const requestState = await ask({ a: 1 });
    expect((await call({ a: 1 }, { requestState })).result).toMatchObject({ resultType: "input_required" });
    expect((await call({ a: 1 }, ACCEPTED)).result).toMatchObject({ resultType: "input_required" });
  });
});
