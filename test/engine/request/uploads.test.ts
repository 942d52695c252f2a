import { createHash, randomBytes } from "node:crypto";
import { appendFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NamedContent } from "../../../src/engine/request/binary-value.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import type { BodyStream } from "../../../src/net/http-request.ts";
import type { Transport } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { openContent } from "../../../src/surfaces/cli/file-content.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

interface Upload {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly length: number;
  readonly sha256: string;
  /** Its start, as Latin-1. */
  readonly start: string;
}

const transports: readonly { name: string; transport: Transport }[] = [
  { name: "undici", transport: openUndici() },
  { name: "node:http", transport: createNodeHttpTransport() },
];

const BIG = randomBytes(3 * 1024 * 1024);

let server: Server;
let baseUri: string;
let folder: string;
let complete: Upload[];
let statuses: number[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The client gave up.
      return;
    }
    const body = Buffer.concat(chunks);
    complete.push({
      method: request.method ?? "",
      headers: request.headers,
      length: body.length,
      sha256: sha256(body),
      start: body.subarray(0, 400).toString("latin1"),
    });
    response.writeHead(statuses.shift() ?? 200, { "content-type": "application/json" }).end('{"ok":true}');
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  baseUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await temporaryFolder({ "big.bin": BIG, "small.bin": "small" });
});

beforeEach(() => {
  complete = [];
  statuses = [];
});

afterAll(async () => {
  for (const { transport } of transports) await transport.close?.();
  server.closeAllConnections();
  server.close();
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function fileContent(name: string): NamedContent {
  const content = openContent(path.join(folder, name));
  if (Buffer.isBuffer(content)) throw new TypeError(`${name} is not a regular file`);
  return content;
}

function upload(transport: Transport, retries = 0) {
  return openCapability(
    {
      naftiko: "1.0.0-alpha3",
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "api",
            baseUri,
            resources: [
              {
                name: "files",
                path: "/files",
                operations: [
                  {
                    name: "put-raw",
                    method: "PUT",
                    inputParameters: [
                      { name: "Content-Type", in: "header", value: "image/png" },
                      { name: "body", in: "body", type: "string" },
                    ],
                  },
                  {
                    name: "post-form",
                    method: "POST",
                    body: {
                      type: "multipartForm",
                      data: [
                        { name: "note", value: "{{note}}" },
                        { name: "file", value: "{{file}}", filename: "in.bin", contentType: "image/png" },
                      ],
                    },
                  },
                  {
                    name: "post-members",
                    method: "POST",
                    inputParameters: [
                      { name: "Content-Type", in: "header", value: "multipart/form-data" },
                      { name: "note", in: "body" },
                      { name: "file", in: "body" },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    { transport, retries, env: {} },
  );
}

describe.each(transports)("uploads by $name", ({ transport }) => {
  it("send a file as the whole body, with its length", async () => {
    const capability = await upload(transport);
    await capability.run("put-raw", { body: fileContent("big.bin") });
    expect(complete).toMatchObject([
      {
        method: "PUT",
        length: BIG.length,
        sha256: sha256(BIG),
        headers: { "content-type": "image/png", "content-length": String(BIG.length) },
      },
    ]);
    expect(complete[0]?.headers).not.toHaveProperty("transfer-encoding");
  });

  it("send a file as a part of a form", async () => {
    const capability = await upload(transport);
    const inputs = { note: "hi", file: fileContent("big.bin") };
    const { body, headers } = await capability.prepare("post-form", inputs);
    await capability.run("post-form", inputs);
    const [received] = complete;
    expect(received?.start).toMatch(
      /^------naftiko-[\w-]+\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n------naftiko-[\w-]+\r\nContent-Disposition: form-data; name="file"; filename="in.bin"\r\nContent-Type: image\/png\r\n\r\n/,
    );
    expect(received?.headers["content-length"]).toBe(String((body as BodyStream).size));
    expect(received?.length).toBe((body as BodyStream).size);
    expect(received?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=----naftiko-[\w-]+$/);
    expect(headers["content-type"]).not.toBe(received?.headers["content-type"]);
    expect((body as BodyStream).outline).toContain(`\r\n\r\n(${BIG.length} bytes)\r\n--`);
  });

  it("name a file of a member, and take its type from a Blob", async () => {
    const capability = await upload(transport);
    await capability.run("post-members", { note: 1, file: new File(["{}"], "a.json", { type: "x/y" }) });
    await capability.run("post-members", { file: fileContent("small.bin") });
    expect(complete.map(({ start }) => start.match(/filename.*\r\n.*\r\n\r\n.*/)?.[0])).toEqual([
      'filename="a.json"\r\nContent-Type: x/y\r\n\r\n{}',
      'filename="small.bin"\r\nContent-Type: application/octet-stream\r\n\r\nsmall',
    ]);
  });

  it("send an empty file", async () => {
    const capability = await upload(transport);
    await capability.run("put-raw", { body: new Blob([]) });
    expect(complete).toMatchObject([{ length: 0, headers: { "content-length": "0" } }]);
  });

  it("read a file again for every attempt", async () => {
    const capability = await upload(transport, 2);
    statuses = [503, 502];
    await capability.run("put-raw", { body: fileContent("big.bin") });
    expect(complete.map(({ sha256 }) => sha256)).toEqual(Array(3).fill(sha256(BIG)));
  });

  it.each([
    {
      what: "shrinks",
      change: (file: string) => truncate(file, BIG.length - 1),
      says: "has changed since the call began",
    },
    { what: "grows", change: (file: string) => appendFile(file, "x"), says: "has changed since" },
    { what: "is written again", change: (file: string) => utimes(file, 1, 1), says: "has changed since" },
    { what: "goes away", change: (file: string) => rm(file), says: "ENOENT" },
  ])("fail for a file that $what before it is sent", async ({ change, says }) => {
    await writeFile(path.join(folder, "changing.bin"), BIG);
    const content = fileContent("changing.bin");
    await change(path.join(folder, "changing.bin"));
    const capability = await upload(transport, 2);
    for (const [operation, input] of [
      ["put-raw", "body"],
      ["post-form", "file"],
    ] as const) {
      await expect(capability.run(operation, { [input]: content })).rejects.toMatchObject({
        code: "REQUEST_INVALID",
        details: { operation },
        message: expect.stringContaining(says) as string,
      });
    }
    expect(complete).toEqual([]);
  });

  it.each([
    { what: "ends early", chunks: ["abc"], says: "it had 5 bytes, and now has only 3" },
    { what: "goes on", chunks: ["abc", "de", "f"], says: "it had 5 bytes, and now has more" },
    { what: "goes on in its last chunk", chunks: ["abc", "def"], says: "it had 5 bytes, and now has more" },
  ])("fail for content that $what, before the request is complete", async ({ chunks, says }) => {
    const content = {
      name: "odd.bin",
      size: 5,
      async *stream() {
        for (const chunk of chunks) yield Buffer.from(chunk);
      },
    };
    const capability = await upload(transport);
    for (const [operation, input] of [
      ["put-raw", "body"],
      ["post-form", "file"],
    ] as const) {
      await expect(capability.run(operation, { [input]: content })).rejects.toMatchObject({
        code: "REQUEST_INVALID",
        message: expect.stringContaining(`odd.bin has changed: ${says}`) as string,
      });
    }
    expect(complete).toEqual([]);
  });

  it("fail for a file that changes while it is sent", async () => {
    const file = path.join(folder, "slow.bin");
    await writeFile(file, BIG);
    const content = fileContent("slow.bin");
    const slow = {
      size: content.size,
      async *stream() {
        let isFirst = true;
        for await (const chunk of content.stream()) {
          yield chunk;
          if (isFirst) await appendFile(file, "more");
          isFirst = false;
        }
      },
    };
    const capability = await upload(transport);
    await expect(capability.run("put-raw", { body: slow })).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      message: expect.stringContaining("has changed") as string,
    });
    expect(complete).toEqual([]);
  });

  it("stop reading when the call is aborted", async () => {
    const call = new AbortController();
    let isClosed = false;
    const endless = {
      size: Number.MAX_SAFE_INTEGER,
      async *stream() {
        try {
          for (let count = 0; ; count++) {
            if (count === 10) call.abort();
            yield new Uint8Array(64 * 1024);
          }
        } finally {
          isClosed = true;
        }
      },
    };
    const capability = await upload(transport);
    await expect(capability.run("put-raw", { body: endless }, { signal: call.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    await expect.poll(() => isClosed).toBe(true);
  });
});
