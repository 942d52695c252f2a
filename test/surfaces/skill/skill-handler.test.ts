import { execFileSync } from "node:child_process";
import { symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createSkillHandler } from "../../../src/surfaces/skill/skill-handler.ts";
import { serveAdapter } from "../../support/serve-adapter.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILES = {
  "SKILL.md": "---\nname: order-desk\ndescription: Orders\n---\n# Orders\n",
  "references/returns.md": "Returns",
  "assets/logo.png": new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
  "scripts/sum.py": "print(1)",
  "page.html": "<script>alert(1)</script>",
  "large.bin": new Uint8Array(300_000).fill(7),
};
const folder = await temporaryFolder({
  ...Object.fromEntries(Object.entries(FILES).map(([name, content]) => [`skills/order-desk/${name}`, content])),
  "secret.txt": "do not read",
});
const skill = path.join(folder, "skills/order-desk");
await symlink(path.join(folder, "secret.txt"), path.join(skill, "out.txt"));
await symlink(folder, path.join(skill, "outside"));

const TEXT = `
capability:
  consumes:
    - { type: http, namespace: shop, baseUri: BASE, resources: [ { name: r, path: /orders, operations: [ { name: list, method: GET } ] } ] }
  exposes:
    - type: skill
      namespace: shop-skills
      port: 0
      skills:
        - name: order-desk
          description: "Look orders up\\u202E \\U000E0041and change them"
          license: Apache-2.0
          compatibility: Needs a network
          metadata: { team: logistics, version: "1.0", "__proto__": x, count: 3 }
          allowed-tools: Read Grep
          argument-hint: "[order]"
          user-invocable: true
          disable-model-invocation: false
          location: file://${skill}
          tools:
            - { name: list-orders, description: All orders, from: { sourceNamespace: shop-rest, action: list-orders } }
            - { name: find, description: One order, from: { namespace: shop-tools, name: find-order } }
            - { name: returns, description: How to return, instruction: references/returns.md }
        - { name: plain, tools: [ { name: list, from: { sourceNamespace: shop-rest, action: list-orders } } ] }
        - { name: gone, description: Its folder is gone, location: "file:///./none" }
        - { name: elsewhere, description: Outside, location: "file:///etc" }
        - { name: "ünï cödé/%", description: Odd }
    - type: rest
      namespace: shop-rest
      port: 0
      resources: [ { path: /orders, operations: [ { name: list-orders, method: GET, call: shop.list } ] } ]
    - type: mcp
      namespace: shop-tools
      port: 0
      tools: [ { name: find-order, description: d, call: shop.list } ]
`;
const server = await serveAdapter(
  TEXT,
  "https://api.test",
  (adapter, runtime, report) => {
    if (adapter.type !== "skill") throw new TypeError("The first adapter has skills");
    return createSkillHandler(adapter, runtime, report);
  },
  { cwd: folder },
);
afterAll(() => server.close());
const { send } = server;

describe("the catalogue", () => {
  test("lists skills with the names of their tools", async () => {
    expect(await send("GET", "/skills")).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json", "x-content-type-options": "nosniff" },
    });
    expect((await send("GET", "/skills?x=1")).json).toEqual({
      count: 5,
      skills: [
        {
          name: "order-desk",
          description: "Look orders up and change them",
          license: "Apache-2.0",
          tools: ["list-orders", "find", "returns"],
        },
        { name: "plain", description: "plain", tools: ["list"] },
        { name: "gone", description: "Its folder is gone", tools: [] },
        { name: "elsewhere", description: "Outside", tools: [] },
        { name: "ünï cödé/%", description: "Odd", tools: [] },
      ],
    });
  });

  test("describes a skill with every member that it has", async () => {
    expect((await send("GET", "/skills/order-desk")).text).toBe(
      JSON.stringify({
        name: "order-desk",
        description: "Look orders up and change them",
        license: "Apache-2.0",
        compatibility: "Needs a network",
        "argument-hint": "[order]",
        "allowed-tools": "Read Grep",
        "user-invocable": true,
        "disable-model-invocation": false,
        metadata: JSON.parse('{"team":"logistics","version":"1.0","__proto__":"x","count":"3"}'),
        tools: [
          {
            name: "list-orders",
            description: "All orders",
            type: "derived",
            invocationRef: { targetNamespace: "shop-rest", action: "list-orders", mode: "rest" },
          },
          {
            name: "find",
            description: "One order",
            type: "derived",
            invocationRef: { targetNamespace: "shop-tools", action: "find-order", mode: "mcp" },
          },
          {
            name: "returns",
            description: "How to return",
            type: "instruction",
            instruction: "references/returns.md",
          },
        ],
      }),
    );
  });

  test("describes a skill with nothing that it does not have", async () => {
    expect((await send("GET", "/skills/gone")).json).toEqual({
      name: "gone",
      description: "Its folder is gone",
      tools: [],
    });
    expect((await send("GET", "/skills/%C3%BCn%C3%AF%20c%C3%B6d%C3%A9%2F%25")).json).toMatchObject({
      name: "ünï cödé/%",
    });
  });

  test.each([
    ["/", 404],
    ["/skill", 404],
    ["/skills/", 404],
    ["/skills/nope", 404],
    ["/skills/Order-Desk", 404],
    ["/skills/__proto__", 404],
    ["/skills/constructor", 404],
    ["/skills/order-desk/", 404],
    ["/skills/order-desk/nope", 404],
    ["/skills/order-desk/download/x", 404],
    ["/skills/nope/contents", 404],
    ["/skills/nope/contents/SKILL.md", 404],
    ["/skills/nope/download", 404],
    ["/skills/plain/contents", 404],
    ["/skills/plain/contents/SKILL.md", 404],
    ["/skills/plain/download", 404],
    ["/skills/gone/contents", 404],
    ["/skills/gone/download", 404],
    ["/skills/elsewhere/contents", 404],
    ["/skills/elsewhere/contents/passwd", 404],
    ["/skills/../skills", 400],
    ["/skills/%2e%2e/x", 400],
    ["/skills/%", 400],
    ["/skills/a%00", 400],
  ])("answers GET %s with %i", async (target, status) => {
    const answer = await send("GET", target);
    expect(answer).toMatchObject({ status, headers: { "content-type": "application/problem+json" } });
    expect(answer.text).not.toContain(folder);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])("refuses %s", async method => {
    for (const target of ["/skills", "/skills/order-desk", "/skills/order-desk/contents/SKILL.md"])
      expect(await send(method, target)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD, OPTIONS" } });
  });

  test("answers OPTIONS", async () => {
    expect(await send("OPTIONS", "/skills")).toMatchObject({ status: 204, headers: { allow: "GET, HEAD, OPTIONS" } });
  });

  test.each([
    ["elsewhere", "/etc is outside", [{ option: "folderRoots", value: ["/etc"] }]],
    ["gone", "there is no folder", []],
  ])("tells the operator of the folder %s as one that cannot be read", async (name, message, remedies) => {
    await send("GET", `/skills/${name}/contents`);
    const report = server.reports.at(-1);
    expect(report).toMatchObject({ code: "IO_FAILED", message: expect.stringContaining(message), remedies });
  });
});

describe("the files", () => {
  test("are listed in the order of their paths, without links that lead out", async () => {
    expect((await send("GET", "/skills/order-desk/contents")).json).toEqual({
      name: "order-desk",
      files: [
        { path: "SKILL.md", size: FILES["SKILL.md"].length, type: "text/markdown" },
        { path: "assets/logo.png", size: 4, type: "image/png" },
        { path: "large.bin", size: 300_000, type: "application/octet-stream" },
        { path: "page.html", size: FILES["page.html"].length, type: "text/html" },
        { path: "references/returns.md", size: 7, type: "text/markdown" },
        { path: "scripts/sum.py", size: 8, type: "text/x-python" },
      ],
    });
  });

  test.each([
    ["SKILL.md", "text/markdown", FILES["SKILL.md"]],
    ["references/returns.md", "text/markdown", "Returns"],
    ["page.html", "text/html", FILES["page.html"]],
  ])("are given: %s", async (name, type, text) => {
    const answer = await send("GET", `/skills/order-desk/contents/${name}`);
    expect(answer).toMatchObject({
      status: 200,
      text,
      headers: {
        "content-type": type,
        "content-length": String(text.length),
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox",
        etag: expect.any(String),
      },
    });
    const again = { headers: { "if-none-match": answer.headers.etag ?? "" } };
    expect((await send("GET", `/skills/order-desk/contents/${name}`, again)).status).toBe(304);
    const head = await send("HEAD", `/skills/order-desk/contents/${name}`);
    expect(head).toMatchObject({ status: 200, text: "", headers: { "content-length": String(text.length) } });
  });

  test("are given while they are read, where they are long", async () => {
    const headers = { "content-type": "application/octet-stream", "content-length": "300000" };
    expect(await send("GET", "/skills/order-desk/contents/large.bin")).toMatchObject({
      status: 200,
      headers,
      text: "\u0007".repeat(300_000),
    });
    expect(await send("HEAD", "/skills/order-desk/contents/large.bin")).toMatchObject({
      status: 200,
      headers,
      text: "",
    });
  });

  test.each([
    "..%2fsecret.txt",
    "..%5csecret.txt",
    "references%2freturns.md",
    "%2e%2e%2f%2e%2e%2fsecret.txt",
    "a//b",
    "%2fetc%2fpasswd",
    "SKILL%20.md",
    "../../../secret.txt",
    "%2E%2E/secret.txt",
    ".",
    "SKILL.md%00",
    "SKILL.md%0a",
    "%252e%252e/secret.txt",
    "",
  ])("are refused at %j", async name => {
    const answer = await send("GET", `/skills/order-desk/contents/${name}`);
    expect(answer).toMatchObject({ status: 400, headers: { "content-type": "application/problem+json" } });
  });

  test.each(["none.md", "out.txt", "outside/secret.txt", "references", "outside", "SKILL.md/x", "..."])(
    "are not found at %j",
    async name => {
      const answer = await send("GET", `/skills/order-desk/contents/${name}`);
      expect(answer).toMatchObject({ status: 404 });
      expect(answer.text).not.toMatch(/do not read|\/tmp/);
    },
  );
});

describe("the archive", () => {
  const download = async () => {
    const response = await fetch(`${server.url}/skills/order-desk/download`);
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  test("has the files, and the same bytes for the same files", async () => {
    const { response, bytes } = await download();
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="order-desk.zip"');
    const archive = path.join(await temporaryFolder({}), "skill.zip");
    await writeFile(archive, bytes);
    const listed = execFileSync("python3", ["-c", LIST_ZIP, archive], { encoding: "utf8" });
    expect(JSON.parse(listed)).toEqual([
      ["SKILL.md", FILES["SKILL.md"].length],
      ["assets/logo.png", 4],
      ["large.bin", 300_000],
      ["page.html", FILES["page.html"].length],
      ["references/returns.md", 7],
      ["scripts/sum.py", 8],
    ]);
    await utimes(path.join(skill, "SKILL.md"), new Date(), new Date());
    const later = await download();
    expect(later.bytes.equals(bytes)).toBe(true);
    const tag = response.headers.get("etag");
    expect(later.response.headers.get("etag")).toBe(tag);
    expect(await send("GET", "/skills/order-desk/download", { headers: { "if-none-match": tag ?? "" } })).toMatchObject(
      {
        status: 304,
      },
    );
    expect(await send("HEAD", "/skills/order-desk/download")).toMatchObject({ status: 200, text: "" });
  });

  test("is packed once for callers at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, download));
    expect(new Set(all.map(({ bytes }) => bytes.toString("base64"))).size).toBe(1);
  });

  test("has what the folder has later", async () => {
    const { bytes } = await download();
    await writeFile(path.join(skill, "references/returns.md"), "Returned");
    expect((await download()).bytes.equals(bytes)).toBe(false);
    await writeFile(path.join(skill, "references/returns.md"), "Returns");
  });
});

const LIST_ZIP = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([[file.filename, file.file_size] for file in archive.infolist()]))
`;
