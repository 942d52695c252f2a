import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  connectClient,
  httpTransport,
  type Major,
  type OfficialClient,
  REVISIONS,
  serveStreams,
} from "../../support/mcp-clients.ts";
import { type SampleOffer, sampleOffer } from "../../support/mcp-offer.ts";
import { serveOffer } from "../../support/serve-offer.ts";

// Official clients of both majors, in every revision that they speak, over both transports.

interface Served extends SampleOffer {
  readonly client: OfficialClient;
  /** Ends the connection as a client that is gone. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

const transports: Readonly<Record<string, (major: Major, revision: string) => Promise<Served>>> = {
  async stdio(major, revision) {
    const sample = sampleOffer();
    const server = serveStreams(sample.offer);
    const client = await connectClient(major, revision, server.transport, { onElicitation });
    const leave = async () => {
      server.end();
      await server.ended;
    };
    return { ...sample, client, leave, stop: leave };
  },
  async http(major, revision) {
    const sample = sampleOffer();
    const server = await serveOffer(() => sample.offer);
    const client = await connectClient(major, revision, httpTransport(major, `${server.url}/mcp`), { onElicitation });
    const leave = () => client.close();
    const stop = async () => {
      await client.close();
      await server.close();
    };
    return { ...sample, client, leave, stop };
  },
};

/** A person who agrees to what is asked. */
function onElicitation(): "accept" {
  return "accept";
}

const rows = Object.keys(transports).flatMap(transport =>
  REVISIONS.flatMap(([revision, majors]) => majors.map(major => [transport, major, revision] as const)),
);

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(5);
}

describe.concurrent.each(rows)("over %s, client %s.x in revision %s", (transport, major, revision) => {
  async function use(work: (served: Served) => Promise<void>): Promise<void> {
    const served = await transports[transport]?.(major, revision);
    if (served === undefined) throw new Error(transport);
    try {
      await work(served);
    } finally {
      await served.stop();
    }
  }

  it("says who it is", () =>
    use(async ({ client }) => {
      expect(client.getServerVersion()).toMatchObject({ name: "sample", version: "1.2.3" });
      expect(client.getInstructions()).toBe("Ask before you write.");
    }));

  it("lists and calls tools", () =>
    use(async ({ client }) => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(["echo", "fail", "picture", "wait", "confirm"]);
      expect(tools[0]).toMatchObject({ annotations: { readOnlyHint: true }, outputSchema: { type: "object" } });
      const { content, structuredContent, isError } = await client.callTool("echo", { a: "b" });
      expect(content).toEqual([{ type: "text", text: '{"given":{"a":"b"},"large":12345678901234567890}' }]);
      expect(structuredContent).toMatchObject({ given: { a: "b" } });
      expect(isError ?? false).toBe(false);
      expect((await client.callTool("picture", {})).content).toEqual([
        { type: "image", data: "iVBORw==", mimeType: "image/png" },
      ]);
    }));

  it("tells errors", () =>
    use(async ({ client }) => {
      expect(await client.callTool("fail", {})).toMatchObject({
        content: [{ type: "text", text: "HTTP 500 Internal Server Error" }],
        isError: true,
      });
      expect(await client.callTool("forbidden", {})).toMatchObject({ isError: true });
      await expect(client.callTool("ecko", {})).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('did you mean "echo"'),
      });
    }));

  it("tells progress", () =>
    use(async ({ client }) => {
      const told: number[] = [];
      const onprogress = ({ progress }: { readonly progress: number }) => told.push(progress);
      await client.callTool("wait", { ms: 2_000 }, { onprogress });
      expect(told.slice(0, 2)).toEqual([1, 2]);
    }));

  it("cancels calls", () =>
    use(async ({ client, begun, aborted }) => {
      const control = new AbortController();
      const cancelled = client.callTool("wait", { tag: "cancelled" }, { signal: control.signal });
      const other = client.callTool("wait", { tag: "other", ms: 300 });
      await until(() => begun.length === 2);
      control.abort("enough");
      await expect(cancelled).rejects.toThrow();
      await until(() => aborted.length > 0);
      expect((await other).content).toEqual([{ type: "text", text: "Waited" }]);
      expect(aborted).toEqual(["cancelled"]);
    }));

  it("asks the person", () =>
    use(async ({ client }) => {
      const { content } = await client.callTool("confirm", {});
      expect(content).toEqual([{ type: "text", text: "true" }]);
    }));

  it("ends the calls of a client that is gone", () =>
    use(async ({ client, begun, aborted, leave }) => {
      const call = client.callTool("wait", { tag: "left" });
      call.catch(() => {});
      await until(() => begun.length === 1);
      await leave();
      await until(() => aborted.length === 1);
    }));

  it("gives resources", () =>
    use(async ({ client }) => {
      expect((await client.listResources()).resources).toMatchObject([{ uri: "notes://one", mimeType: "text/plain" }]);
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: "notes://by/{id}" },
      ]);
      expect((await client.readResource({ uri: "notes://one" })).contents).toEqual([
        { uri: "notes://one", mimeType: "text/plain", text: "Hello" },
      ]);
      expect((await client.readResource({ uri: "notes://by/7" })).contents).toMatchObject([{ text: '{"id":"7"}' }]);
      await expect(client.readResource({ uri: "notes://two" })).rejects.toMatchObject({ code: -32602 });
    }));

  it("gives prompts", () =>
    use(async ({ client }) => {
      expect((await client.listPrompts()).prompts).toMatchObject([
        { name: "triage", arguments: [{ name: "ticket", required: true }] },
      ]);
      const { messages } = await client.getPrompt({ name: "triage", arguments: { ticket: "7" } });
      expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Classify 7" } }]);
      await expect(client.getPrompt({ name: "triag" })).rejects.toMatchObject({ code: -32602 });
    }));
});
