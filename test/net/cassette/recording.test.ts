import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Capability } from "../../../src/library/capability.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import type { Cassette } from "../../../src/net/cassette/cassette.ts";
import { createRecordingTransport } from "../../../src/net/cassette/recording.ts";
import { createReplayTransport } from "../../../src/net/cassette/replay.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import type { Transport } from "../../../src/net/transport.ts";
import { capabilityText, input } from "../../support/capability-text.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream } from "../../support/upstream.ts";

const SECRETS = { TOKEN: "t0ken/é", KEY: 'k3y "quoted"' };
const DOCUMENT: object = parse(
  capabilityText({
    binds: { TOKEN: "TOKEN", KEY: "KEY" },
    authentication: { type: "apikey", key: "X-Own-Key", value: "{{TOKEN}}", placement: "header" },
    operations: [
      {
        name: "get",
        method: "GET",
        path: "/things/{id}",
        inputParameters: [{ name: "k", in: "query", value: "{{KEY}}" }],
      },
      {
        name: "add",
        method: "POST",
        path: "/things",
        inputParameters: [input("Authorization", "header"), input("account", "body"), input("password", "body")],
      },
      {
        name: "form",
        method: "POST",
        path: "/form",
        inputParameters: [input("password", "body")],
        body: { type: "formUrlEncoded", data: { password: "{{password}}", key: "{{KEY}}", account: "ann" } },
      },
    ],
  }),
);

const opened: Capability[] = [];

afterEach(async () => {
  for (const capability of opened.splice(0)) await capability.close();
});

async function open(transport: Transport, env: Record<string, string> = SECRETS): Promise<Capability> {
  const capability = await openCapability(DOCUMENT, { transport, env });
  opened.push(capability);
  return capability;
}

/** An API that tells everything it was told. */
const telling = createMemoryTransport(request => ({
  status: 201,
  headers: {
    "content-type": "application/json",
    "set-cookie": "s=1",
    "content-length": "1",
    "x-told": request.url,
  },
  body: Buffer.from(JSON.stringify({ request, access_token: "a-new-one" })),
}));

const clock = () => new Date("2026-11-25T10:00:00Z");

async function fileIn(files: Record<string, string> = {}): Promise<string> {
  return path.join(await temporaryFolder(files), "tape.yaml");
}

describe("createRecordingTransport()", () => {
  it("keeps no credentials, values of variables and named fields", async () => {
    const file = await fileIn();
    const recording = createRecordingTransport({ transport: telling, file, redact: ["account"], clock });
    const capability = await open(recording);
    await capability.run("get", { id: "1" });
    await capability.run("add", { Authorization: "Bearer c4ller", account: "4ccount", password: "p4ssword" });
    await capability.run("form", { password: "p4ssword" });
    const text = await readFile(file, "utf8");
    for (const secret of [...Object.values(SECRETS), "c4ller", "n4me", "p4ssword", "a-new-one", "s=1"]) {
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
        expect(text).not.toContain(form);
    }
    const { interactions } = parse(text) as Cassette;
    expect(interactions[0]).toEqual({
      recordedAt: "2026-11-25T10:00:00.000Z",
      request: {
        method: "GET",
        url: "https://api.example.test/v1/things/1?k=***",
        headers: { accept: "application/json", "user-agent": expect.any(String), "x-own-key": "***" },
      },
      response: {
        status: 201,
        statusText: "Created",
        headers: {
          "content-type": "application/json",
          "set-cookie": "***",
          "x-told": "https://api.example.test/v1/things/1?k=***",
        },
        body: {
          json: {
            request: {
              method: "GET",
              url: "https://api.example.test/v1/things/1?k=***",
              headers: { accept: "application/json", "user-agent": expect.any(String), "x-own-key": "***" },
            },
            access_token: "***",
          },
        },
      },
    });
    expect(interactions[1]?.request.body).toEqual({ json: { account: "***", password: "***" } });
    expect(interactions[2]?.request.body).toEqual({ text: "password=***&key=***&account=***" });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("is answered from by other credentials", async () => {
    const file = await fileIn();
    const recorder = await open(createRecordingTransport({ transport: telling, file }));
    await recorder.run("get", { id: "1" });
    await recorder.run("form", { password: "p4ssword" });
    const replayer = await open(createReplayTransport(file), { TOKEN: "any", KEY: "other" });
    const { outputs, status } = await replayer.run("get", { id: "1" });
    expect({ status, outputs }).toMatchObject({ status: 201, outputs: { access_token: "***" } });
    expect((await replayer.run("form", { password: "another" })).status).toBe(201);
    await expect(replayer.run("get", { id: "2" })).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: expect.stringMatching(/^get: Cannot replay GET \/v1\/things\/2: tape\.yaml has no such call/),
      details: { operation: "get" },
    });
  });

  it("makes the file anew, or keeps its calls", async () => {
    const file = await fileIn();
    const count = async () => (parse(await readFile(file, "utf8")) as Cassette).interactions.length;
    for (const [append, expected] of [
      [false, 1],
      [true, 2],
      [true, 3],
      [false, 1],
    ] as const) {
      const capability = await open(createRecordingTransport({ transport: telling, file, append }));
      await capability.run("get", { id: "1" });
      expect(await count()).toBe(expected);
    }
    const fresh = await fileIn();
    await (await open(createRecordingTransport({ transport: telling, file: fresh, append: true }))).run("get", {
      id: "1",
    });
    expect((parse(await readFile(fresh, "utf8")) as Cassette).interactions).toHaveLength(1);
  });

  it("sends nothing that it cannot record", async () => {
    let calls = 0;
    const counting: Transport = (request, exchange) => {
      calls++;
      return telling(request, exchange);
    };
    const folder = await temporaryFolder({ "tape.yaml": "no: cassette" });
    for (const options of [
      { file: path.join(folder, "none", "x.yaml") },
      { file: path.join(folder, "tape.yaml"), append: true },
    ]) {
      const capability = await open(createRecordingTransport({ ...options, transport: counting }));
      await expect(capability.run("get", { id: "1" })).rejects.toMatchObject({ code: "NOT_RECORDED" });
    }
    expect(calls).toBe(0);
    expect(await readFile(path.join(folder, "tape.yaml"), "utf8")).toBe("no: cassette");
    expect(await readdir(folder)).toEqual(["tape.yaml"]);
  });

  it("records many calls at once, each whole", async () => {
    const file = await fileIn();
    const capability = await open(createRecordingTransport({ transport: telling, file }));
    await Promise.all(Array.from({ length: 20 }, (_, id) => capability.run("get", { id: String(id) })));
    const { interactions } = parse(await readFile(file, "utf8")) as Cassette;
    expect(new Set(interactions.map(({ request }) => request.url)).size).toBe(20);
  });

  it.each<[string, (items: AsyncIterableIterator<Uint8Array>) => Promise<void>, RegExp]>([
    ["to its end", read => all(read), /^\{"n":1,"secret":"\*\*\*"\}\n\{"n":2\}\n$/],
    ["as far as it is read", read => first(read), /^\{"n":1,"secret":"\*\*\*"\}\n$/],
  ])("records a stream %s", async (_, read, expected) => {
    let isClosed = false;
    async function* pieces() {
      try {
        yield Buffer.from('{"n":1,"secret":"x"}\n');
        yield Buffer.from('{"n":2}\n');
      } finally {
        isClosed = true;
      }
    }
    const headers = { "content-type": "application/x-ndjson" };
    const streaming = createMemoryTransport(() => ({ headers, chunks: pieces() }));
    const file = await fileIn();
    const request = { method: "GET", url: "https://a.test/", headers: {} };
    const exchange = exchangeOf({ streams: () => true });
    const { chunks } = await createRecordingTransport({ file, transport: streaming })(request, exchange);
    if (chunks === undefined) throw new Error("It is no stream");
    await read(chunks);
    expect(isClosed).toBe(true);
    const { body } = await createReplayTransport(file)(request, exchange);
    expect(Buffer.from(body).toString()).toMatch(expected);
  });

  it("records nothing of a stream that breaks off", async () => {
    async function* pieces() {
      yield Buffer.from("a");
      throw new Error("broken");
    }
    const file = await fileIn();
    const streaming = createMemoryTransport(() => ({ chunks: pieces() }));
    const { chunks } = await createRecordingTransport({ file, transport: streaming })(
      { method: "GET", url: "https://a.test/", headers: {} },
      exchangeOf({ streams: () => true }),
    );
    if (chunks === undefined) throw new Error("It is no stream");
    await expect(all(chunks)).rejects.toThrow("broken");
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("passes errors and close on", async () => {
    const closed: unknown[] = [];
    const failing: Transport = () => Promise.reject(new Error("gone"));
    failing.close = async isForced => {
      closed.push(isForced);
    };
    const file = await fileIn();
    const recording = createRecordingTransport({ transport: failing, file });
    await expect(recording({ method: "GET", url: "https://a.test/", headers: {} }, exchangeOf())).rejects.toThrow(
      "gone",
    );
    await recording.close?.(true);
    expect(closed).toEqual([true]);
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("sends over the network by itself", async () => {
    const upstream = await startUpstream();
    try {
      const file = await fileIn();
      const capability = await openCapability(DOCUMENT, {
        transport: createRecordingTransport({ file }),
        env: SECRETS,
        baseUri: upstream.url,
      });
      opened.push(capability);
      expect((await capability.run("get", { id: "1" })).status).toBe(200);
      expect(upstream.requests).toHaveLength(1);
      expect((parse(await readFile(file, "utf8")) as Cassette).interactions).toHaveLength(1);
    } finally {
      await upstream.close();
    }
  });

  it.each([
    [undefined],
    ["tape.yaml"],
    [{}],
    [{ file: "" }],
    [{ file: 1 }],
    [{ file: "x", transport: {} }],
    [{ file: "x", redact: "name" }],
    [{ file: "x", redact: [1] }],
    [{ file: "x", append: "yes" }],
    [{ file: "x", clock: 0 }],
    [{ file: "x", redacted: ["name"] }],
  ])("refuses what makes no sense: %j", options => {
    expect(() => createRecordingTransport(options as never)).toThrow(TypeError);
  });
});

async function all(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

async function first(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks) return;
}
