import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const SPELLINGS = [
  "id",
  "x",
  "i",
  "h",
  "sort",
  "a.b",
  "camelCase",
  "kebab-case",
  "snake_case",
  "Content-Version",
  "filter[x][`$op`]",
  "issue~neq",
  "ns:name",
  "@id",
  "Until<",
  "schön",
  "__proto__",
  "constructor",
  "toString",
];

/** Inputs that options of `run` are called like. */
const OPTION_NAMES = ["output", "timeout", "select", "dir", "quiet", "verbose", "no-color", "mock"];

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream();
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: upstream.url,
      operations: [
        {
          name: "search",
          method: "GET",
          path: "/items",
          resource: "items",
          inputParameters: [
            ...[...SPELLINGS, ...OPTION_NAMES].map(name => input(name, "query")),
            input("$top", "query", "integer"),
            input("offset", "query", "integer"),
            input("page[size]", "query", "number"),
            input("no-cache", "query", "boolean"),
            input("flag", "query", "boolean"),
            input("tags", "query", "array"),
            input("filter", "query", "object"),
          ],
        },
        {
          name: "create",
          method: "POST",
          path: "/things",
          inputParameters: [required("body", "body", "object")],
        },
        {
          name: "remove",
          method: "DELETE",
          path: "/things",
          inputParameters: [required("body", "body", "object")],
        },
        { name: "find", method: "GET", path: "/things", inputParameters: [input("body", "body", "object")] },
        { name: "write", method: "PUT", path: "/text", inputParameters: [input("body", "body", "string")] },
        {
          name: "envelope",
          method: "POST",
          path: "/soap",
          inputParameters: [required("body", "body", "object"), input("Content-Type", "header")],
        },
        {
          name: "compose",
          method: "POST",
          path: "/members",
          inputParameters: [
            input("name", "body"),
            input("count", "body", "integer"),
            input("active", "body", "boolean"),
            input("tags", "body", "array"),
            input("owner", "body", "object"),
          ],
        },
        { name: "read", method: "GET", path: "/items/{id}", inputParameters: [input("X-Trace", "header")] },
        {
          name: "shared",
          method: "GET",
          path: "/shared/{id}",
          inputParameters: [input("id", "path"), input("id", "query")],
        },
      ],
    }),
    "value.txt": "from a file\n",
    "body.json": '{"name":"ci",\n "tags":["a"]}\n',
    "inputs.json": '{"id":"00123","offset":3,"tags":["a","b"]}',
    "at.txt": "@value.txt",
  });
});

afterAll(() => upstream.close());

/** Returns the request that `naftiko run shop …` made. */
async function send(args: readonly string[], stdin?: string): Promise<{ url: string; body: string }> {
  const { code, stdout, stderr } = await runCommand(["run", "shop", ...args], {
    cwd: folder,
    ...(stdin === undefined ? {} : { stdin }),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

interface QueryRow {
  readonly args: readonly string[];
  readonly query: string;
  readonly stdin?: string;
}

const query: readonly QueryRow[] = [
  // Exactly as spelled.
  ...SPELLINGS.map(name => ({ args: [`--${name}`, "v"], query: `${encodeURIComponent(name)}=v` })),
  ...SPELLINGS.map(name => ({ args: [`--${name}=v`], query: `${encodeURIComponent(name)}=v` })),
  { args: ["--$top", "5"], query: "%24top=5" },
  { args: ["--page[size]", "2"], query: "page%5Bsize%5D=2" },
  { args: ["--no-cache", "true"], query: "no-cache=true" },
  // Text is text.
  { args: ["--id", "00123"], query: "id=00123" },
  { args: ["--id", "1e3"], query: "id=1e3" },
  { args: ["--id", "0x10"], query: "id=0x10" },
  { args: ["--id", "9007199254740993"], query: "id=9007199254740993" },
  { args: ["--id", "true"], query: "id=true" },
  { args: ["--id", ""], query: "id=" },
  { args: ["--id="], query: "id=" },
  { args: ["--id", " a  b "], query: "id=%20a%20%20b%20" },
  { args: ["--id", '"quoted"'], query: "id=%22quoted%22" },
  { args: ["--id", '{"a":1}'], query: "id=%7B%22a%22%3A1%7D" },
  { args: ["--id=a=b"], query: "id=a%3Db" },
  { args: ["--id", "{{env.SECRET}}"], query: "id=%7B%7Benv.SECRET%7D%7D" },
  { args: ["--id", "line\nbreak"], query: "id=line%0Abreak" },
  // Values that look like options.
  { args: ["--sort", "-created"], query: "sort=-created" },
  { args: ["--sort", "-i5"], query: "sort=-i5" },
  { args: ["--offset", "-5"], query: "offset=-5" },
  { args: ["--offset=-5"], query: "offset=-5" },
  { args: ["--x=--y"], query: "x=--y" },
  { args: ["--x=-h"], query: "x=-h" },
  { args: ["--x=--help"], query: "x=--help" },
  { args: ["-i", "x=--output"], query: "x=--output" },
  // Numbers keep what they say.
  { args: ["--offset", "9007199254740993"], query: "offset=9007199254740993" },
  { args: ["--page[size]", "2.5"], query: "page%5Bsize%5D=2.5" },
  // Booleans need no value.
  { args: ["--flag"], query: "flag=true" },
  { args: ["--flag", "false"], query: "flag=false" },
  { args: ["--flag=true"], query: "flag=true" },
  { args: ["--flag", "--id", "1"], query: "id=1&flag=true" },
  { args: ["--no-cache"], query: "no-cache=true" },
  // Many values.
  { args: ["--tags", "a", "--tags", "b c"], query: "tags=a&tags=b%20c" },
  { args: ["--tags", "1", "--tags=2", "-i", "tags=3"], query: "tags=1&tags=2&tags=3" },
  { args: ["--tags", '["a","b"]'], query: "tags=a&tags=b" },
  { args: ["--tags", "[]"], query: "" },
  {
    args: ["--filter", '{"city":"Rome","size":{"gte":5}}'],
    query: "filter%5Bcity%5D=Rome&filter%5Bsize%5D%5Bgte%5D=5",
  },
  // -i always means the input.
  { args: ["-i", "id=00123"], query: "id=00123" },
  { args: ["-i=id=7"], query: "id=7" },
  { args: ["--input", "id=a=b"], query: "id=a%3Db" },
  { args: ["--input=id=z"], query: "id=z" },
  ...OPTION_NAMES.map(name => ({ args: ["-i", `${name}=v`], query: `${name}=v` })),
  // Everything behind -- is an input or an operand.
  ...OPTION_NAMES.map(name => ({ args: ["--", `--${name}`, "v"], query: `${name}=v` })),
  // Files and standard input.
  { args: ["--id", "@value.txt"], query: "id=from%20a%20file" },
  { args: ["--id=@value.txt"], query: "id=from%20a%20file" },
  { args: ["-i", "id=@value.txt"], query: "id=from%20a%20file" },
  { args: ["--id", "@@value.txt"], query: "id=%40value.txt" },
  { args: ["--id", "@at.txt"], query: "id=%40value.txt" },
  { args: ["--id", "-"], stdin: "piped\n", query: "id=piped" },
  { args: ["--id=-", "--x", "-"], stdin: "twice", query: "id=twice&x=twice" },
  { args: ["--tags", "@value.txt", "--tags", "@@b"], query: "tags=from%20a%20file&tags=%40b" },
  // Many at once.
  { args: ["--inputs", '{"id":"00123","offset":3,"flag":false}'], query: "id=00123&offset=3&flag=false" },
  { args: ["--inputs", "@inputs.json"], query: "id=00123&offset=3&tags=a&tags=b" },
  { args: ["--inputs", "-"], stdin: '{"output":"x"}', query: "output=x" },
  { args: ["--inputs", '{"id":"1","x":"2"}', "--id", "3"], query: "id=3&x=2" },
  { args: ["--inputs", '{"id":null}'], query: "" },
  { args: ["--inputs", '{"id":"@value.txt"}'], query: "id=%40value.txt" },
];

describe.concurrent("run sends the inputs of a command line in the query", () => {
  it.each(query)("$args", async ({ args, query, stdin }) => {
    const { url } = await send(["search", ...args], stdin);
    expect(url).toBe(query === "" ? "/items" : `/items?${query}`);
  });
});

const bodies = [
  { operation: "create", args: ["--body", '{"a":1, "b":[true,null]}'], body: '{"a":1, "b":[true,null]}' },
  { operation: "create", args: ["--body=[1,2]"], body: "[1,2]" },
  { operation: "create", args: ["--body", "@body.json"], body: '{"name":"ci",\n "tags":["a"]}\n' },
  { operation: "create", args: ["--body", "-"], stdin: '{"a":"ä☃😀"}\n', body: '{"a":"ä☃😀"}\n' },
  { operation: "create", args: ["-i", "body={}"], body: "{}" },
  { operation: "create", args: ["--inputs", '{"body":{"a":1}}'], body: '{"a":1}' },
  { operation: "remove", args: ["--body", '{"ids":[1,2]}'], body: '{"ids":[1,2]}' },
  { operation: "find", args: ["--body", '{"q":"ä"}'], body: '{"q":"ä"}' },
  { operation: "write", args: ["--body", "plain {text}"], body: "plain {text}" },
  { operation: "write", args: ["--body", "00123"], body: "00123" },
  { operation: "write", args: ["--body", "@value.txt"], body: "from a file\n" },
  { operation: "write", args: ["--body", "-"], stdin: "a\nb\n", body: "a\nb\n" },
  { operation: "write", args: [], body: "" },
  {
    operation: "envelope",
    args: ["--Content-Type", "text/xml", "--body", "<a>1</a>"],
    body: "<a>1</a>",
  },
  {
    operation: "envelope",
    args: ["--body", "a=1&b=2", "-i", "Content-Type=application/x-www-form-urlencoded"],
    body: "a=1&b=2",
  },
  {
    operation: "envelope",
    args: ["--body", '{"a":[1,2]}', "-i", "Content-Type=application/x-www-form-urlencoded"],
    body: "a=1&a=2",
  },
  { operation: "compose", args: ["--name", "007", "--count", "3"], body: '{"name":"007","count":3}' },
  { operation: "compose", args: ["--active", "--name", "a"], body: '{"name":"a","active":true}' },
  { operation: "compose", args: ["--tags", "a", "--tags", "b"], body: '{"tags":["a","b"]}' },
  { operation: "compose", args: ["--owner", '{"id":"u1"}'], body: '{"owner":{"id":"u1"}}' },
] as const;

describe.concurrent("run sends the inputs of a command line in the body", () => {
  it.each(bodies)("$operation $args", async ({ operation, args, body, ...row }) => {
    const sent = await send([operation, ...args], "stdin" in row ? row.stdin : undefined);
    expect(sent.body).toBe(body);
  });
});

const paths = [
  { value: "a/b", url: "/items/a%2Fb" },
  { value: "a?b", url: "/items/a%3Fb" },
  { value: "a#b", url: "/items/a%23b" },
  { value: "%2e%2e", url: "/items/%252e%252e" },
  { value: "😀", url: "/items/%F0%9F%98%80" },
  { value: "a b", url: "/items/a%20b" },
  { value: "...", url: "/items/..." },
  { value: "00123", url: "/items/00123" },
  { value: "-1", url: "/items/-1" },
];

describe.concurrent("run sends a path value as one segment", () => {
  it.each(paths)("$value", async ({ value, url }) => {
    expect(await send(["read", "--id", value])).toMatchObject({ url });
  });
});

describe.concurrent("run finds an operation by each of its references", () => {
  it.each([
    ["search"],
    ["items.search"],
    ["shop.search"],
    ["shop.items.search"],
    ["GET /items"],
    ["get /items"],
    ["GET", "/items"],
  ])("%s %s", async (...reference) => {
    const { url } = await send([...reference, "--id", "1"]);
    expect(url).toBe("/items?id=1");
  });

  it("takes an input that stands in several places by location and name", async () => {
    expect(await send(["shared", "--path:id", "1", "--query:id", "2"])).toMatchObject({
      url: "/shared/1?id=2",
    });
  });

  it("takes options and inputs in any order", async () => {
    const base = `${upstream.url}/other`;
    expect(await send(["--base-uri", base, "read", "--id", "1", "--quiet"])).toMatchObject({
      url: "/other/items/1",
    });
  });
});

describe.concurrent("run warns where an option has the name of an input", () => {
  const warning = "warning: --output is an option of run here; for the input of that name write -i output=…\n";

  it.each([
    { name: "uses it as the option", args: ["--output", "yaml"], stderr: warning, url: "/items" },
    {
      name: "stays quiet with --quiet",
      args: ["--output=yaml", "--quiet", "--id", "1"],
      stderr: /quiet is an option|^$/,
      url: "/items?id=1",
    },
    {
      name: "takes both",
      args: ["--output", "yaml", "-i", "output=x"],
      stderr: warning,
      url: "/items?output=x",
    },
    { name: "says nothing of other options", args: ["--no-implied-auth"], stderr: /^$/, url: "/items" },
  ])("$name", async ({ args, stderr, url }) => {
    const result = await runCommand(["run", "shop", "search", ...args], { cwd: folder });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(stderr);
    expect(result.stdout).toContain(url);
  });

  it("keeps the warning out of an error that a program reads", async () => {
    const args = ["run", "shop", "search", "--output", "json", "--offset", "x"];
    const { code, stderr } = await runCommand(args, { cwd: folder });
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "INPUT_INVALID" } });
  });
});
