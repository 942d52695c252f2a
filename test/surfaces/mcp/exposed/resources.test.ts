import { symlink } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { McpResources } from "../../../../src/surfaces/mcp/offer.ts";
import { type OpenedOffer, openOffer } from "../../../support/open-offer.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../../support/upstream.ts";

const capability = (docs: string) => `
binds: [ { namespace: env, keys: { TOKEN: TOKEN } } ]
capability:
  consumes:
    - type: http
      namespace: hr
      baseUri: ""
      authentication: { type: bearer, token: "{{TOKEN}}" }
      resources:
        - name: users
          path: /users/{id}
          operations:
            - { name: get-user, method: GET, inputParameters: [ { name: limit, in: query, type: integer } ] }
            - { name: photo, method: GET, outputRawFormat: binary }
        - { name: file, path: /file, operations: [ { name: file, method: GET, outputRawFormat: binary } ] }
        - { name: schema, path: /schema, operations: [ { name: schema, method: GET } ] }
  exposes:
    - type: mcp
      port: 0
      namespace: t
      resources:
        - { name: schema, label: Schema, uri: "data://schema", description: "The\\u200b tables", call: hr.schema }
        - name: user
          label: User
          uri: "data://users/{uid}"
          description: One user
          call: hr.get-user
          with: { id: "{{uid}}" }
          outputParameters: [ { type: object, properties: { name: { type: string, mapping: $.name } } } ]
        - { name: same, uri: "data://same/{id}", call: hr.get-user }
        - { name: photo, uri: "data://photos/{id}", mimeType: image/png, call: hr.photo }
        - name: steps
          uri: "data://steps/{uid}"
          steps: [ { type: call, name: one, call: hr.get-user, with: { id: "{{uid}}", limit: 3 } } ]
          mappings: [ { targetName: who, value: $.one.name } ]
        - { name: me, uri: "data://users/me", call: hr.get-user, with: { id: fixed } }
        - { name: file, uri: "data://file", call: hr.file }
        - { name: drawn, uri: "data://drawn", mimeType: image/png, call: hr.file }
        - { name: last, uri: "data://last", steps: [ { type: call, name: one, call: hr.file } ] }
        - { name: fixed, uri: "data://fixed", outputParameters: [ { name: a, type: string, value: b } ] }
        - { name: docs, label: Docs, uri: "docs://guide", description: Guides, location: ${JSON.stringify(docs)} }
        - { name: nowhere, uri: "docs://nowhere", location: "file:///./nowhere" }
`;

const answer: Answerer = ({ url }, response) => {
  if (url === "/users/none") return answerJson(response, 404, { message: "no such user" });
  if (url === "/users/broken") return answerJson(response, 500, { message: "MARK-token-of-the-api" });
  // They could be a text, and are none.
  if (url === "/file") return response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF-1.7");
  if (url === "/users/photo")
    return response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0x89, 0x50]));
  return answerJson(response, 200, { name: url });
};

let upstream: Upstream;
let opened: OpenedOffer;
let resources: McpResources;

beforeAll(async () => {
  const folder = await temporaryFolder({
    "docs/readme.md": "# guide\n",
    "docs/deep/data.json": "{}",
    "docs/logo.png": Uint8Array.of(0x89, 0x50, 0xff),
    "docs/not text.md": "x",
    "secrets.txt": "MARK-outside",
  });
  await symlink(path.join(folder, "secrets.txt"), path.join(folder, "docs", "out.md"));
  await symlink(path.join(folder, "docs", "readme.md"), path.join(folder, "docs", "in.md"));
  upstream = await startUpstream(answer);
  opened = await openOffer(capability(pathToFileURL(path.join(folder, "docs")).href), upstream.url, {
    env: { TOKEN: "MARK-token-of-the-api" },
    folderRoots: [folder],
  });
  resources = opened.offer.resources as McpResources;
});
afterAll(async () => {
  await opened.runtime.close();
  await upstream.close();
});

const read = (uri: string) => resources.read(uri, new AbortController().signal);

test("what needs no values is listed, with each file of a folder", async () => {
  const listed = await resources.list();
  expect(listed.map(({ uri, name, mimeType, size }) => [uri, name, mimeType, size])).toEqual([
    ["data://schema", "schema", "application/json", undefined],
    ["data://users/me", "me", "application/json", undefined],
    ["data://file", "file", "application/json", undefined],
    ["data://drawn", "drawn", "image/png", undefined],
    ["data://last", "last", "application/json", undefined],
    ["data://fixed", "fixed", "application/json", undefined],
    ["docs://guide/deep/data.json", "deep/data.json", "application/json", 2],
    ["docs://guide/in.md", "in.md", "text/markdown", 8],
    ["docs://guide/logo.png", "logo.png", "image/png", 3],
    ["docs://guide/readme.md", "readme.md", "text/markdown", 8],
  ]);
  expect(listed[0]).toMatchObject({ title: "Schema", description: "The tables" });
  // The operator is told of the folder that is not there.
  expect(opened.reported).toMatchObject([{ code: "IO_FAILED", message: expect.stringContaining("nowhere") }]);
});

test("templates are listed by themselves", () => {
  expect(resources.templates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "data://users/{uid}",
    "data://same/{id}",
    "data://photos/{id}",
    "data://steps/{uid}",
  ]);
  expect(resources.templates[0]).toMatchObject({ name: "user", title: "User", description: "One user" });
});

describe("reading", () => {
  test.each([
    ["data://schema", "application/json", '{"name":"/schema"}'],
    ["data://users/u-1", "application/json", '{"name":"/users/u-1"}'],
    ["data://users/a%20b", "application/json", '{"name":"/users/a%20b"}'],
    ["data://same/u-2", "application/json", '{"name":"/users/u-2"}'],
    ["data://steps/u-3", "application/json", '{"who":"/users/u-3?limit=3"}'],
    // Though a template would match it.
    ["data://users/me", "application/json", '{"name":"/users/fixed"}'],
    ["data://fixed", "application/json", '{"a":"b"}'],
    ["docs://guide/readme.md", "text/markdown", "# guide\n"],
    ["docs://guide/deep/data.json", "application/json", "{}"],
    ["docs://guide/in.md", "text/markdown", "# guide\n"],
  ])("%s", async (uri, mimeType, text) => {
    expect(await read(uri)).toEqual([{ uri, mimeType, text }]);
  });

  test.each([
    ["docs://guide/logo.png", "image/png", "iVD/"],
    ["data://photos/photo", "image/png", "iVA="],
    ["data://file", "application/pdf", "JVBERi0xLjc="],
    ["data://drawn", "image/png", "JVBERi0xLjc="],
    ["data://last", "application/octet-stream", "JVBERi0xLjc="],
  ])("%s is given as bytes", async (uri, mimeType, blob) => {
    expect(await read(uri)).toEqual([{ uri, mimeType, blob }]);
  });

  test.each([
    "data://unknown",
    "data://users/none",
    "data://users/a/b",
    "docs://guide",
    "docs://guide/",
    "docs://guide/deep",
    "docs://guide/absent.md",
    "docs://guide/../secrets.txt",
    "docs://guide/deep/../../secrets.txt",
    "docs://guide/%2e%2e/secrets.txt",
    "docs://guide/..%2fsecrets.txt",
    "docs://guide/..\\secrets.txt",
    "docs://guide//etc/passwd",
    "docs://guide/readme.md\0",
    "docs://guide/out.md",
    "docs://guide/not text.md",
    "docs://guides/readme.md",
    "docs://nowhere/x.md",
  ])("%s names nothing", async uri => {
    expect(await read(uri)).toBeUndefined();
  });

  test.each([
    ["data://users/..", "INPUT_INVALID"],
    ["data://users/%2e%2e", "INPUT_INVALID"],
    ["data://users/broken", "HTTP_STATUS"],
  ])("%s fails", async (uri, code) => {
    const sent = upstream.requests.length;
    await expect(read(uri)).rejects.toMatchObject({ code, message: expect.not.stringContaining("MARK") });
    if (code === "INPUT_INVALID") expect(upstream.requests).toHaveLength(sent);
  });
});
