import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { startRawServer } from "../../support/raw-server.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Not UTF-8: a program that reads it as text would send other bytes. */
const IMAGE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0x00]);

const contentType = { name: "Content-Type", in: "header" };

const OPERATIONS = [
  {
    name: "upload",
    method: "POST",
    path: "/files",
    inputParameters: [input("title", "body"), input("file", "body"), input("meta", "body", "object")],
    body: {
      type: "multipartForm",
      data: [
        { name: "title", value: "{{title}}" },
        { name: "file", value: "{{file}}", filename: "up.png", contentType: "image/png" },
        { name: "meta", value: "{{meta}}", contentType: "application/json" },
      ],
    },
  },
  {
    name: "members",
    method: "POST",
    path: "/members",
    inputParameters: [
      { ...contentType, value: "multipart/form-data; boundary=B" },
      input("title", "body"),
      input("file", "body"),
    ],
  },
  {
    name: "raw",
    method: "PUT",
    path: "/raw",
    inputParameters: [contentType, input("body", "body", "string")],
  },
  {
    name: "object",
    method: "POST",
    path: "/object",
    inputParameters: [contentType, input("body", "body", "object")],
  },
];

let server: Awaited<ReturnType<typeof startRawServer>>;
let cwd: string;

beforeAll(async () => {
  server = await startRawServer((socket, received) => {
    const answer = () => {
      const [, length] = /content-length: (\d+)/i.exec(received()) ?? [];
      const [, body = ""] = received().split(/\r\n\r\n(.*)/s);
      if (body.length === Number(length ?? 0))
        socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
    };
    answer();
    socket.on("data", answer);
  });
  cwd = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      baseUri: `http://127.0.0.1:${server.port}`,
      operations: OPERATIONS,
    }),
    "image.png": IMAGE,
    "title.txt": "A title\n",
    "order.json": '{"order":{"id":1}}',
    "order.xml": "<order/>",
    "big.bin": Buffer.alloc(1024 * 1024 + 1, 0xff),
  });
  await mkdir(path.join(cwd, "folder"));
});

afterAll(() => server.close());

const run = (args: readonly string[], options: { stdin?: string } = {}) =>
  runCommand(["run", "api", ...args], { cwd, ...options });

/** Returns the last request: its content type, and its body as Latin-1. */
function last(): { type: string; body: string } {
  const text = server.received.at(-1) ?? "";
  const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
  return { type: /content-type: (.*)/i.exec(head)?.[1] ?? "", body };
}

describe("run sends", () => {
  it("a file as a part of a form, byte for byte", async () => {
    const { code, stderr } = await run([
      "upload",
      "--title",
      "@title.txt",
      "--file",
      "@image.png",
      "--meta",
      '{"a":1}',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { type, body } = last();
    const boundary = /boundary=(.*)/.exec(type)?.[1] ?? "?";
    expect(body.split(`--${boundary}`).slice(1)).toEqual([
      '\r\nContent-Disposition: form-data; name="title"\r\n\r\nA title\n\r\n',
      `\r\nContent-Disposition: form-data; name="file"; filename="up.png"\r\nContent-Type: image/png\r\n\r\n${IMAGE.toString("latin1")}\r\n`,
      '\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
      "--\r\n",
    ]);
  });

  it("a text that begins with @", async () => {
    expect(await run(["upload", "--title", "@@home"])).toMatchObject({ code: 0 });
    expect(last().body).toContain("\r\n\r\n@home\r\n");
  });

  it("standard input as a part", async () => {
    expect(await run(["upload", "--file", "-"], { stdin: "piped" })).toMatchObject({ code: 0 });
    expect(last().body).toContain('filename="up.png"\r\nContent-Type: image/png\r\n\r\npiped\r\n');
  });

  it("files of members under their own names", async () => {
    expect(await run(["members", "--title", "t", "--file", "@image.png"])).toMatchObject({ code: 0 });
    expect(last().body).toBe(
      `--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nt\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="image.png"\r\nContent-Type: application/octet-stream\r\n\r\n${IMAGE.toString("latin1")}\r\n--B--\r\n`,
    );
  });

  it.each([
    ["a small file as it is", ["raw", "--body", "@image.png"], "application/octet-stream", IMAGE.toString("latin1")],
    [
      "under the content type given",
      ["raw", "--body", "@image.png", "--Content-Type", "image/png"],
      "image/png",
      IMAGE.toString("latin1"),
    ],
    ["a text file as text", ["raw", "--body", "@title.txt"], "text/plain", "A title\n"],
    [
      "a file for an object, under another content type",
      ["object", "--body", "@image.png", "--Content-Type", "image/png"],
      "image/png",
      IMAGE.toString("latin1"),
    ],
    [
      "XML as it is",
      ["object", "--body", "@order.xml", "--Content-Type", "application/xml"],
      "application/xml",
      "<order/>",
    ],
    [
      "an object as XML",
      ["object", "--body", "@order.json", "--Content-Type", "application/xml"],
      "application/xml",
      '<?xml version="1.0" encoding="UTF-8"?><order><id>1</id></order>',
    ],
    ["an object as JSON", ["object", "--body", "@order.json"], "application/json", '{"order":{"id":1}}'],
    [
      "an object as a form",
      ["object", "--body", '{"a":"b c"}', "--Content-Type", "application/x-www-form-urlencoded"],
      "application/x-www-form-urlencoded",
      "a=b+c",
    ],
    [
      "a form that is one already",
      ["object", "--body", "a=b%20c", "--Content-Type", "application/x-www-form-urlencoded"],
      "application/x-www-form-urlencoded",
      "a=b%20c",
    ],
  ])("%s", async (_, args, type, body) => {
    expect(await run(args)).toMatchObject({ code: 0, stderr: "" });
    expect(last()).toEqual({ type, body });
  });

  it("a large file, whole", async () => {
    expect(await run(["raw", "--body", "@big.bin"])).toMatchObject({ code: 0, stderr: "" });
    expect(last().body.length).toBe(1024 * 1024 + 1);
  });
});

describe("run refuses", () => {
  it.each([
    [
      "a file that is not there",
      ["upload", "--file", "@none.png"],
      /input "file" cannot be read from .*none\.png: .*\(ENOENT\)/,
    ],
    ["a folder", ["upload", "--file", "@folder"], /input "file" cannot be read from .*folder: .*\(EISDIR\)/],
    ["a folder as a body", ["raw", "--body", "@folder"], /input "body" cannot be read from .*folder: .*\(EISDIR\)/],
    ["a file that is no JSON for an object", ["object", "--body", "@order.xml"], /input "body" is not JSON/],
    [
      "a file that is no text for an object",
      ["object", "--body", "@image.png"],
      /input "body" cannot be read from .*image\.png: it is not UTF-8 text/,
    ],
  ])("%s", async (_, args, says) => {
    const before = server.received.length;
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(server.received.length).toBe(before);
  });
});

describe("run --dry-run shows", () => {
  it("a form with the lengths of its files", async () => {
    const { code, stdout } = await run(["members", "--title", "t", "--file", "@image.png", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain('name="title"\n\nt\n--B\n');
    expect(stdout).toContain("(10 bytes)");
  });

  it("the length of a file", async () => {
    const { stdout } = await run(["raw", "--body", "@big.bin", "--dry-run"]);
    expect(stdout).toContain("\n\n(1048577 bytes)\n");
  });
});

describe("run --mock", () => {
  it("takes a form in parts", async () => {
    const { code, stdout } = await run(["upload", "--file", "@image.png", "--mock", "--quiet"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });
});
