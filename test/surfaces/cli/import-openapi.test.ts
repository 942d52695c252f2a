import { readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const API = `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: https://shop.example/v1 }]
paths:
  /orders:
    get:
      operationId: listOrders
      responses: { "200": { description: The orders } }
`;

/** A description whose one operation stands in another file or URL. */
const referringTo = (reference: string) =>
  `openapi: 3.1.0\ninfo: { title: Shop }\npaths:\n  /a: { get: { operationId: a } }\n  /b: { $ref: ${JSON.stringify(reference)} }\n`;

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url === "/moved") response.writeHead(302, { location: "/specs/api.yaml" }).end();
    else if (url === "/specs/api.yaml") response.end(referringTo("item.yaml"));
    else if (url === "/specs/item.yaml") response.end("get: { operationId: b }\n");
    else if (url === "/file") response.end(referringTo("file:///etc/passwd"));
    else if (url === "/page") response.end("<!doctype html><html></html>");
    else response.writeHead(404).end();
  });
});
afterAll(() => upstream.close());

it("prints a capability", async () => {
  const cwd = await temporaryFolder({ "api.yaml": API });
  const { code, stdout, stderr } = await runCommand(["import", "openapi", "api.yaml"], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("name: listOrders");
});

it.each([
  { of: "a method that no call has", item: "{ trace: {} }", told: "The operation TRACE /a is left out" },
  { of: "parameters alone", item: "{ parameters: [] }", told: "" },
  { of: "a reference that leads nowhere", item: "{ $ref: '#/nope' }", told: 'Cannot follow the reference "#/nope"' },
])("refuses a description with $of", async ({ item, told }) => {
  const cwd = await temporaryFolder({ "api.yaml": `openapi: 3.1.0\npaths: { /a: ${item} }\n` });
  for (const more of [[], ["-o", "out/", "--split", "tag"]]) {
    const { code, stdout, stderr } = await runCommand(["import", "openapi", "api.yaml", ...more], { cwd });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain(told);
    expect(stderr).toContain("it describes no operation that can be called");
  }
});

it("writes a file once, and again where it has the same content", async () => {
  const cwd = await temporaryFolder({ "api.yaml": API });
  const args = ["import", "openapi", "api.yaml", "-o", "capabilities/"];
  const first = await runCommand(args, { cwd });
  expect(first).toMatchObject({ code: 0, stdout: "" });
  expect(first.stderr).toBe(
    "capabilities/shop.yaml is written: 1 operation\nTry it: naftiko run shop listOrders --dry-run\n",
  );
  expect((await runCommand(args, { cwd })).stderr).toContain("capabilities/shop.yaml is up to date");
  const shown = await runCommand(["run", "shop", "listOrders", "--dry-run"], { cwd });
  expect(shown.stdout).toContain("https://shop.example/v1/orders");
});

it("replaces a file of another content with --force alone", async () => {
  const cwd = await temporaryFolder({ "api.yaml": API, "shop.yaml": "mine" });
  const args = ["import", "openapi", "api.yaml", "-o", "shop.yaml"];
  const refused = await runCommand(args, { cwd });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--force replaces it") });
  expect(await readFile(path.join(cwd, "shop.yaml"), "utf8")).toBe("mine");
  expect(await runCommand([...args, "--force"], { cwd })).toMatchObject({ code: 0 });
  expect(await readFile(path.join(cwd, "shop.yaml"), "utf8")).toContain("listOrders");
});

it.each([
  { of: "a file that is missing", source: "none.yaml", reason: "there is no such file" },
  { of: "a folder", source: ".", reason: "it is not a file" },
  { of: "a file that is no text", source: "bytes", reason: "it is not UTF-8 text" },
  { of: "a file without paths", source: "empty.yaml", reason: "it describes no operations" },
])("refuses $of", async ({ source, reason }) => {
  const cwd = await temporaryFolder({ bytes: new Uint8Array([65, 66, 67, 255]), "empty.yaml": "openapi: 3.0.0\n" });
  const { code, stdout, stderr } = await runCommand(["import", "openapi", source], { cwd });
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain(reason);
});

it.each([
  { of: "a file elsewhere", reference: "file:///etc/passwd", reason: "/etc/passwd is outside" },
  { of: "a file above", reference: "../../secret.yaml", reason: "is outside" },
  { of: "a link that leads out", reference: "link.yaml", reason: "is outside" },
  { of: "a private address", reference: "http://169.254.169.254/latest", reason: "it is not public" },
  { of: "a loopback address", reference: "http://127.0.0.1:1/x.yaml", reason: "it is not public" },
  { of: "a name of this computer", reference: "http://localhost:1/x.yaml", reason: "not public" },
  { of: "another scheme", reference: "ftp://a.example/x.yaml", reason: "it is neither a path nor an http URL" },
])("warns of a reference to $of, and imports the rest", async ({ reference, reason }) => {
  const cwd = await temporaryFolder({ "specs/api.yaml": referringTo(reference) });
  await writeFile(path.join(cwd, "..", "secret.yaml"), "").catch(() => {});
  await symlink("/etc/hostname", path.join(cwd, "specs", "link.yaml"));
  const { code, stdout, stderr } = await runCommand(["import", "openapi", "specs/api.yaml"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("name: a");
  expect(stdout).not.toContain("/b");
  expect(stderr).toContain("warning: Cannot follow the reference");
  expect(stderr).toContain(reason);
  expect(stderr).toContain(`${path.join(cwd, "specs", "api.yaml")}:5:`);
});

it("reads files of the working folder, and of --allow-import", async () => {
  const files = { "specs/api.yaml": referringTo("../item.yaml"), "item.yaml": "get: { operationId: b }\n" };
  const cwd = await temporaryFolder(files);
  expect((await runCommand(["import", "openapi", "specs/api.yaml"], { cwd })).stdout).toContain("name: b");
  const inside = { cwd: path.join(cwd, "specs") };
  const refused = await runCommand(["import", "openapi", "api.yaml"], inside);
  expect(refused.stderr).toContain(`--allow-import ${cwd}`);
  const allowed = await runCommand(["import", "openapi", "api.yaml", "--allow-import", ".."], inside);
  expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining("name: b") });
  expect(allowed.stderr).not.toContain("reference");
});

it("tells which folder a link leads to", async () => {
  const outside = await temporaryFolder({ "item.yaml": "get: { operationId: b }\n" });
  const cwd = await temporaryFolder({ "api.yaml": referringTo("link.yaml") });
  await symlink(path.join(outside, "item.yaml"), path.join(cwd, "link.yaml"));
  const { stderr } = await runCommand(["import", "openapi", "api.yaml"], { cwd });
  expect(stderr).toContain(`item.yaml is outside ${cwd}: --allow-import ${outside} lets it be read`);
});

it("imports from a URL, whose references start where the redirect led", async () => {
  const { code, stdout, stderr } = await runCommand(["import", "openapi", `${upstream.url}/moved`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("name: b");
});

it("names the address of a file that a page shows", async () => {
  const { code, stderr } = await runCommand(["import", "openapi", "https://github.com/a/b/blob/main/api.yaml"]);
  expect(code).toBe(2);
  expect(stderr).toContain("naftiko import openapi https://raw.githubusercontent.com/a/b/main/api.yaml");
});

it.each([
  { of: "a page", path: "/page", code: 3, reason: "it is an HTML page" },
  { of: "what is not there", path: "/none", code: 5, reason: "HTTP 404 Not Found" },
  { of: "a file from a URL", path: "/file", code: 0, reason: "a description from a URL refers to http URLs alone" },
])("tells $of", async ({ path: asked, code, reason }) => {
  const result = await runCommand(["import", "openapi", `${upstream.url}${asked}`]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(reason);
});

it("tells how an import would change a capability, and fails where callers may break", async () => {
  const cwd = await temporaryFolder({
    "api.yaml": API,
    "gone.yaml": API.replace("listOrders", "findOrders"),
    "more.yaml": `${API}  /items: { get: { operationId: listItems } }\n`,
  });
  await runCommand(["import", "openapi", "api.yaml", "-n", "mine", "-o", "capabilities/shop.yaml"], { cwd });
  const against = (source: string, ...args: string[]) =>
    runCommand(["import", "openapi", source, "--diff", "shop", ...args], { cwd });
  expect(await against("api.yaml")).toEqual({ code: 0, stdout: "", stderr: "Nothing changes for callers\n" });
  expect(await against("more.yaml")).toEqual({
    code: 0,
    stdout: "change: listItems: the operation is new: GET /items\n",
    stderr: "1 change, none breaking\n",
  });
  const message = 'the operation is gone: GET /orders is called "findOrders" now';
  expect(await against("gone.yaml")).toEqual({
    code: 3,
    stdout: `breaking: listOrders: ${message}\n`,
    stderr: "1 change, 1 breaking\n",
  });
  const { code, stdout } = await against("gone.yaml", "--output", "json");
  expect({ code, found: JSON.parse(stdout) }).toEqual({
    code: 3,
    found: [{ breaking: true, operation: "listOrders", message }],
  });
  expect(await against("api.yaml", "-o", "x.yaml")).toMatchObject({ code: 2 });
});

it("makes one file for each tag in a folder", async () => {
  const paths = {
    "/a": { get: { operationId: "a", tags: ["Big things"] } },
    "/b": { get: { operationId: "b", tags: ["small"] } },
  };
  const cwd = await temporaryFolder({
    "api.json": JSON.stringify({ openapi: "3.1.0", info: { title: "Shop" }, paths }),
  });
  const args = ["import", "openapi", "api.json", "--split", "tag"];
  const { code, stderr } = await runCommand([...args, "-o", "capabilities"], { cwd });
  expect(code).toBe(0);
  expect(stderr).toContain("capabilities/shop-big-things.yaml is written: 1 operation");
  expect(stderr).toContain("capabilities/shop-small.yaml is written: 1 operation");
  expect(await runCommand(args, { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining("name a folder") });
  expect(await runCommand([...args, "-o", "api.json"], { cwd })).toMatchObject({ code: 2 });
});

it("writes no capability that is too large to be opened", async () => {
  const get = { operationId: "a", description: "d".repeat(17_000_000) };
  const text = JSON.stringify({ openapi: "3.1.0", info: { title: "Shop" }, paths: { "/a": { get } } });
  const cwd = await temporaryFolder({ "api.json": text });
  const { code, stderr } = await runCommand(["import", "openapi", "api.json", "-o", "shop.yaml"], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("larger than the 16 MiB") });
});

it("writes JSON for a file that is called so, and prints with -", async () => {
  const cwd = await temporaryFolder({ "api.yaml": API });
  const { stderr } = await runCommand(["import", "openapi", "api.yaml", "-o", "shop.json"], { cwd });
  expect(stderr).toContain("naftiko run ./shop.json listOrders --dry-run");
  expect((await runCommand(["run", "./shop.json", "listOrders", "--dry-run"], { cwd })).code).toBe(0);
  const written = JSON.parse(await readFile(path.join(cwd, "shop.json"), "utf8"));
  expect(written).toMatchObject({ info: { label: "Shop" } });
  const printed = await runCommand(["import", "openapi", "api.yaml", "-o", "-", "-f", "json", "-n", "mine"], { cwd });
  expect(JSON.parse(printed.stdout)).toMatchObject({ capability: { consumes: [{ namespace: "mine" }] } });
});

it.each([
  { form: "json", schema: '{"type":"integer","maximum":9223372036854775807,"default":9007199254740993}' },
  { form: "yaml", schema: "{ type: integer, maximum: 9223372036854775807, default: 9007199254740993 }" },
])("finds no change where a description in $form has numbers that a double cannot hold", async ({ form, schema }) => {
  const json = `{"openapi":"3.0.0","servers":[{"url":"https://a.test"}],"paths":{"/a":{"get":{"operationId":"a","parameters":[{"name":"q","in":"query","schema":${schema}}]}}}}`;
  const yaml = `openapi: 3.0.0\nservers: [{ url: https://a.test }]\npaths: { /a: { get: { operationId: a, parameters: [{ name: q, in: query, schema: ${schema} }] } } }\n`;
  const name = `api.${form}`;
  const cwd = await temporaryFolder({ [name]: form === "json" ? json : yaml });
  expect((await runCommand(["import", "openapi", name, "-o", "a.yaml"], { cwd })).code).toBe(0);
  const { code, stdout, stderr } = await runCommand(["import", "openapi", name, "--diff", "./a.yaml"], { cwd });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "Nothing changes for callers\n" });
  if (form !== "json") return;
  expect((await runCommand(["run", "./a.yaml", "a", "--dry-run"], { cwd })).stdout).toContain("q=9007199254740993");
});
