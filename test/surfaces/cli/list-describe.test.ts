import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { expectFailure } from "./expect-failure.ts";

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: "https://shop.example.test/v1",
      info: { label: "Book shop", description: "Sells books", tags: ["Retail", "Paper"] },
      binds: { SHOP_COUNTRY: "SHOP_COUNTRY", SHOP_REGION: "SHOP_AREA" },
      operations: [
        {
          name: "search",
          method: "GET",
          path: "/items",
          description: "Find items",
          inputParameters: [required("q", "query"), { name: "region", in: "query", value: "{{SHOP_REGION}}" }],
          outputParameters: [
            { name: "first", type: "object", value: "$.data[0]" },
            { name: "total", type: "number", value: "$.total" },
          ],
        },
        { name: "ping", method: "GET", path: "/ping", outputRawFormat: "text" },
      ],
      others: [{ namespace: "open", baseUri: "", operations: [{ name: "read", method: "GET", path: "/" }] }],
    }),
    "capabilities/keyed.yaml": capabilityText({
      namespace: "keyed",
      binds: { K: "K" },
      authentication: { type: "apikey", key: "X-Key", value: "{{K}}", placement: "header" },
      operations: [
        {
          name: "list",
          method: "GET",
          path: "/users/{user}/keys",
          inputParameters: [input("limit", "query", "integer")],
        },
        { name: "get", method: "GET", path: "/users/{user}/keys/{id}" },
        {
          name: "getNumbered",
          method: "GET",
          path: "/orders/{id}",
          inputParameters: [required("id", "path", "integer")],
        },
        {
          name: "create",
          method: "POST",
          path: "/users/{user}/keys",
          inputParameters: [required("name", "body"), required("tags", "body", "array")],
        },
        {
          name: "replace",
          method: "PUT",
          path: "/users/{user}/keys/{id}",
          inputParameters: [required("body", "body", "object")],
        },
        { name: "remove", method: "DELETE", path: "/users/{user}/keys/{id}" },
        { name: "revoke", method: "POST", path: "/users/{user}/keys/{id}/revoke" },
        {
          name: "verify",
          method: "POST",
          path: "/users/{user}/keys/verify",
          inputParameters: [required("body", "body", "object")],
        },
        {
          name: "settings",
          method: "GET",
          path: "/settings",
          inputParameters: [required("page[size]", "query", "number"), required("output", "query", "boolean")],
        },
      ],
    }),
    "capabilities/broken.yaml": "naftiko: [",
    "more/shop.yaml": capabilityText({ info: { label: "Shadowed" }, operations: [] }),
    "more/extra.yml": capabilityText({
      info: { label: "Extra" },
      operations: [{ name: "a", method: "GET", path: "/" }],
    }),
    "more/notes.txt": "no capability",
  });
});

describe.concurrent("list", () => {
  it("shows name, number of operations, label and tags, invalid files too", async () => {
    const { code, stdout, stderr } = await runCommand(["list", "--dir", "more"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map(line => line.split(/ {2,}/));
    expect(rows.map(([name]) => name)).toEqual(["broken", "clerk-backend-api-api-keys", "extra", "keyed", "shop"]);
    expect(rows[1]?.slice(1)).toEqual(["8 operations", "Clerk Backend Api — API Keys", "Clerk, API Keys"]);
    expect(rows[0]?.[1]).toBe("invalid");
    expect(rows[2]).toEqual(["extra", "1 operation", "Extra"]);
    // The first folder that has a name wins, as in a look-up.
    expect(rows[4]).toEqual(["shop", "0 operations", "Shadowed"]);
  });

  it.each([
    { text: "shop", names: ["shop"] },
    { text: "RETAIL", names: ["shop"] },
    { text: "sells", names: ["shop"] },
    { text: "e", names: ["broken", "clerk-backend-api-api-keys", "keyed", "shop"] },
    { text: "nothing-of-the-kind", names: [] },
  ])("finds $names by $text in name, label, description and tags", async ({ text, names }) => {
    const { code, stdout } = await runCommand(["list", text, "--output", "json"], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it.each([
    { words: ["shop", "books"], names: ["shop"] },
    { words: ["Paper", "sells", "BOOK shop"], names: ["shop"] },
    { words: ["shop", "keys"], names: [] },
  ])("finds $names by all of $words", async ({ words, names }) => {
    const { stdout } = await runCommand(["list", ...words, "--output", "json"], { cwd: folder });
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it("leaves out files of others", async () => {
    const cwd = await temporaryFolder({
      "naftiko.config.yaml": "capabilities: {}\n",
      "all/shop.yaml": capabilityText({ operations: [{ name: "a", method: "GET", path: "/" }] }),
      "all/broken.yaml": "naftiko: [",
      "all/text.yaml": "text\n",
      "all/naftiko.config.yaml": "capabilities: {}\n",
      "all/recorded.yaml": "interactions: []\n",
      "all/api/openapi.yaml": "openapi: 3.1.0\ninfo: {}\n",
      "all/deploy/many.yaml": "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n",
      "all/data/settings.yml": "colour: red\n",
    });
    const { stdout } = await runCommand(["list", "--dir", "all", "--output", "json"], { cwd });
    const names = JSON.parse(stdout).map(({ name }: { name: string }) => name);
    expect(names).toEqual(["broken", "clerk-backend-api-api-keys", "shop", "text"]);
  });

  it("lists hundreds of files alike, from their index and by several processes at once, and sees a change", async () => {
    const names = Array.from({ length: 450 }, (_, number) => `n${String(number).padStart(3, "0")}`);
    const text = (label: string) =>
      capabilityText({ info: { label }, operations: [{ name: "a", method: "GET", path: "/" }] });
    const cwd = await temporaryFolder(Object.fromEntries(names.map(name => [`all/${name}.yaml`, text(`L ${name}`)])));
    const env = { XDG_CACHE_HOME: path.join(cwd, "cache") };
    await mkdir(env.XDG_CACHE_HOME);
    const list = async () => (await runCommand(["list", "--dir", "all"], { cwd, env })).stdout;
    const row = (name: string, label: string) => `${name.padEnd(26)}  1 operation   ${label.padEnd(28)}`;
    const both = await Promise.all([list(), list()]);
    const lines = (both[0] ?? "").split("\n").filter(line => line.startsWith("n"));
    expect(lines).toEqual(names.map(name => row(name, `L ${name}`).trimEnd()));
    for (let round = 0; round < 3; round++) both.push(await list());
    expect(new Set(both).size).toBe(1);
    await writeFile(path.join(cwd, "all/n100.yaml"), text("Other"));
    const changed = (both[0] ?? "").replace("L n100", "Other");
    for (let round = 0; round < 2; round++) expect(await list()).toBe(changed);
  });

  it("says when nothing is found", async () => {
    const result = await runCommand(["list", "nothing-of-the-kind"], { cwd: folder });
    expect(result).toEqual({ code: 0, stdout: 'No capability matches "nothing-of-the-kind"\n', stderr: "" });
  });

  it("gives programs an object for each", async () => {
    const { stdout } = await runCommand(["list", "shop", "--output", "json"], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([
      {
        name: "shop",
        file: path.join(folder, "capabilities", "shop.yaml"),
        label: "Book shop",
        description: "Sells books",
        operations: 3,
        tags: ["Retail", "Paper"],
      },
    ]);
  });

  it("shows what is no capability as invalid", async () => {
    const cwd = await temporaryFolder({
      "capabilities/empty.yaml": "",
      "capabilities/list.yaml": "- a\n",
      "capabilities/other.yaml": "a: 1\n",
      "capabilities/shapes.yaml": "naftiko: x\ninfo: { label: [1], tags: 7 }\n",
      "capabilities/text.yaml": "text\n",
      "capabilities/where.yaml": "naftiko: x\ncapability: { consumes: { a: 1 } }\n",
    });
    const { code, stdout, stderr } = await runCommand(["list"], { cwd, env: { NAFTIKO_PATH: "" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout.split("\n").filter(line => !line.includes("clerk") && line !== "");
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toMatch(/^\w+ +invalid +\S/);
    expect(rows[0]).toContain("This is not a capability: the document is empty");
    expect(rows[3]).toContain('"capability" is missing');
  });

  it("looks in NAFTIKO_PATH and in the package's own folder", async () => {
    const { stdout } = await runCommand(["list", "--output", "json"], {
      env: { NAFTIKO_PATH: path.join(folder, "more") },
    });
    const names = JSON.parse(stdout).map(({ name }: { name: string }) => name);
    expect(names).toEqual(["clerk-backend-api-api-keys", "extra", "shop"]);
  });
});

describe.concurrent("describe", () => {
  const env = { SHOP_COUNTRY: "s3cret-value" };

  it("shows what a capability needs and gives", async () => {
    const result = await runCommand(["describe", "shop"], { cwd: folder, env });
    expect(result).toEqual({
      code: 0,
      stderr: "",
      stdout: `Book shop
Sells books

Name          shop
File          ${path.join(folder, "capabilities", "shop.yaml")}
Tags          Retail, Paper

Consumes      shop
Base URI      https://shop.example.test/v1
Credential    none

Consumes      open
Base URI      (empty: give --base-uri URL)
Credential    none

Variables:
  SHOP_COUNTRY  set      (environment variable SHOP_COUNTRY)
  SHOP_REGION   not set  (environment variable SHOP_AREA)

Operations (3):
  search  GET  /items  Find items
  ping    GET  /ping
  read    GET  /

Example:
  naftiko run shop search --q example

More of one:  naftiko describe shop search
`,
    });
  });

  it("shows what an operation needs and gives", async () => {
    const result = await runCommand(["describe", "shop", "GET /items"], { cwd: folder, env });
    expect(result).toEqual({
      code: 0,
      stderr: "",
      stdout: `search  GET /items
Find items

Base URI      https://shop.example.test/v1
Credential    none

Variables:
  SHOP_REGION  not set  (environment variable SHOP_AREA)

Inputs:
  --q <string>  (query, required)

Outputs (from json):
  first  object  $.data[0]
  total  number  $.total

Example:
  naftiko run shop search --q example
`,
    });
  });

  it("gives programs the same", async () => {
    const capability = await runCommand(["describe", "shop", "--output", "json"], { cwd: folder, env });
    expect(JSON.parse(capability.stdout)).toMatchObject({
      name: "shop",
      label: "Book shop",
      tags: ["Retail", "Paper"],
      consumes: [
        { namespace: "shop", baseUri: "https://shop.example.test/v1", authentication: "none" },
        { namespace: "open", baseUri: "", authentication: "none" },
      ],
      variables: [
        { name: "SHOP_COUNTRY", set: true, usedBy: [] },
        { name: "SHOP_REGION", set: false, usedBy: ["shop"] },
      ],
      operations: [
        { reference: "search", method: "GET", path: "/items" },
        { reference: "ping" },
        { reference: "read" },
      ],
    });
    const operation = await runCommand(["describe", "shop", "search", "--output", "json"], {
      cwd: folder,
      env,
    });
    expect(JSON.parse(operation.stdout)).toMatchObject({
      reference: "search",
      method: "GET",
      path: "/items",
      baseUri: "https://shop.example.test/v1",
      variables: [{ name: "SHOP_REGION", set: false }],
      inputs: [{ name: "q", in: "query", type: "string", required: true }],
      outputs: [{ name: "first", type: "object", value: "$.data[0]" }, { name: "total" }],
    });
  });

  it.each([
    {
      name: "a declared credential",
      args: ["keyed"],
      stdout: "Credential    apikey in header X-Key from K\n",
    },
    { name: "the text of an answer", args: ["shop", "ping"], stdout: "Outputs: the decoded text body\n" },
    {
      name: "an implied credential",
      args: ["clerk-backend-api-api-keys"],
      stdout:
        'Credential    bearer from CLERK_SECRET_KEY (implied)\n              "clerk-backend-api-api-keys" declares no authentication, so CLERK_SECRET_KEY is sent as a bearer token; --no-implied-auth turns it off\n',
    },
    {
      name: "no implied credential",
      args: ["clerk-backend-api-api-keys", "--no-implied-auth"],
      stdout: "Credential    none\n",
    },
  ])("shows $name", async ({ args, stdout }) => {
    const result = await runCommand(["describe", ...args], { cwd: folder });
    expect(result).toEqual({ code: 0, stdout: expect.stringContaining(stdout), stderr: "" });
  });

  it("reads .env and --env-file for what is set", async () => {
    const cwd = await temporaryFolder({
      ".env": "CLERK_SECRET_KEY=fr0m-dot-env\n",
      "empty.env": "OTHER=1\n",
    });
    const { stdout } = await runCommand(["describe", "clerk-backend-api-api-keys", "--env-file", "empty.env"], { cwd });
    expect(stdout).toContain("  CLERK_SECRET_KEY  set  (environment variable CLERK_SECRET_KEY)\n");
    expect(stdout).not.toContain("fr0m-dot-env");
  });

  it.each([
    { args: ["describe", "shpo"], code: 3, error: "CAPABILITY_NOT_FOUND", stderr: ['did you mean "shop"'] },
    { args: ["describe", "broken"], code: 3, error: "CAPABILITY_INVALID", stderr: ["broken.yaml:"] },
    {
      args: ["describe", "shop", "serch"],
      code: 2,
      error: "OPERATION_NOT_FOUND",
      stderr: ['did you mean "search"'],
    },
  ] as const)("refuses $args", async failure => {
    await expectFailure({ ...failure, cwd: folder });
    const { stderr } = await runCommand([...failure.args, "--output", "json"], { cwd: folder });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: failure.error } });
  });
});

describe("the example that describe prints", () => {
  const CLERK = [
    "createApiKey",
    "getApiKeys",
    "getApiKey",
    "updateApiKey",
    "deleteApiKey",
    "getApiKeySecret",
    "revokeApiKey",
    "verifyApiKey",
  ];
  const KEYED = ["list", "get", "getNumbered", "create", "replace", "remove", "revoke", "verify", "settings"];

  describe.concurrent.each([
    ...CLERK.map(operation => ({ capability: "clerk-backend-api-api-keys", operation })),
    ...KEYED.map(operation => ({ capability: "keyed", operation })),
  ])("of $capability $operation", ({ capability, operation }) => {
    it("works in a sandbox, without an account", async () => {
      const described = await runCommand(["describe", capability, operation], { cwd: folder });
      const [, example = ""] = /^Example:\n {2}naftiko (run .*)$/m.exec(described.stdout) ?? [];
      const { code, stdout, stderr } = await runCommand([...shellWords(example), "--mock"], { cwd: folder });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(
          /^sandbox: talking to http:\/\/127\.0\.0\.1:\d+ in this process, not to https:\/\/\S+\nsandbox: \w+ not set; a stand-in value is sent\n$/,
        ),
      });
      expect(JSON.parse(stdout)).toEqual(expect.anything());
    });
  });
});

/** Returns the words of a command line in which quotes are only the single ones that the command itself prints. */
function shellWords(line: string): string[] {
  return Array.from(line.matchAll(/(?:'[^']*'|\\'|[^'\s\\])+/g), ([word]) =>
    word.replace(/'([^']*)'/g, "$1").replaceAll("\\'", "'"),
  );
}
