import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { type CommandOptions, runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

let upstream: Upstream;
let other: Upstream;
let folder: string;

function answering(name: string): string {
  return capabilityText({
    namespace: "who",
    baseUri: upstream.url,
    operations: [{ name: "ask", method: "GET", path: `/${name}` }],
  });
}

beforeAll(async () => {
  upstream = await startUpstream();
  other = await startUpstream();
  folder = await temporaryFolder({
    "capabilities/who.yaml": answering("from-capabilities"),
    "capabilities/short.yml": answering("from-yml"),
    "first/who.yaml": answering("from-first"),
    "second/who.yaml": answering("from-second"),
    "second/only.yaml": answering("from-second"),
    "third/who.yaml": answering("from-third"),
    // Would be read and refused if a look-up opened the files of a folder.
    "first/broken.yaml": "{{{",
    "capabilities/token.yaml": capabilityText({
      namespace: "token",
      baseUri: upstream.url,
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [{ name: "ask", method: "GET", path: "/" }],
    }),
    "capabilities/two.yaml": capabilityText({
      namespace: "left",
      baseUri: upstream.url,
      operations: [{ name: "askLeft", method: "GET", path: "/left" }],
      others: [
        {
          namespace: "right",
          baseUri: upstream.url,
          operations: [{ name: "askRight", method: "GET", path: "/right" }],
        },
      ],
    }),
    "capabilities/hosted.yaml": capabilityText({
      namespace: "hosted",
      baseUri: "http://{store}.invalid/api",
      operations: [{ name: "ask", method: "GET", path: "/x", inputParameters: [input("q", "query")] }],
    }),
    "plain/who.yaml": answering("from-plain"),
    "plain/.env": "API_TOKEN=from-dot-env\n",
    "plain/capabilities/token.yaml": capabilityText({
      namespace: "token",
      baseUri: upstream.url,
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [{ name: "ask", method: "GET", path: "/" }],
    }),
    "plain/a.env": "# comment\nAPI_TOKEN=from-a\n",
    "plain/b.env": "export API_TOKEN='from b'\n",
    "plain/path.env": `NAFTIKO_PATH=../second\n`,
  });
});

afterAll(async () => {
  await upstream.close();
  await other.close();
});

async function ask(args: readonly string[], options: CommandOptions = {}) {
  const { code, stdout, stderr } = await runCommand(["run", ...args], { cwd: folder, ...options });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as { url: string; headers: Record<string, string> };
}

describe.concurrent("run looks a name up", () => {
  const delimiter = path.delimiter;

  it.each([
    { name: "in ./capabilities", args: ["who", "ask"], url: "/from-capabilities" },
    { name: "with the extension .yml", args: ["short", "ask"], url: "/from-yml" },
    { name: "in --dir before it", args: ["who", "ask", "--dir", "first"], url: "/from-first" },
    {
      name: "in each --dir in order",
      args: ["who", "ask", "--dir=second", "--dir", "first"],
      url: "/from-second",
    },
    {
      name: "in a later --dir",
      args: ["only", "ask", "--dir", "first", "--dir", "second"],
      url: "/from-second",
    },
    {
      name: "past a --dir that is not there",
      args: ["who", "ask", "--dir", "nowhere"],
      url: "/from-capabilities",
    },
    {
      name: "in NAFTIKO_PATH",
      args: ["who", "ask"],
      env: { NAFTIKO_PATH: `nowhere${delimiter}third${delimiter}first` },
      url: "/from-third",
    },
    {
      name: "in --dir before NAFTIKO_PATH",
      args: ["who", "ask", "--dir", "first"],
      env: { NAFTIKO_PATH: "third" },
      url: "/from-first",
    },
    { name: "as a path", args: ["./third/who.yaml", "ask"], url: "/from-third" },
    { name: "as a path without the extension", args: ["third/who", "ask"], url: "/from-third" },
    { name: "as a file of the working folder", args: ["who.yaml", "ask"], cwd: "third", url: "/from-third" },
  ])("$name", async ({ args, url, env = {}, cwd = "." }) => {
    expect(await ask(args, { env, cwd: path.join(folder, cwd) })).toMatchObject({ url });
  });

  it("in the package's own folder", async () => {
    const { code, stdout } = await runCommand(["run", "clerk-backend-api-api-keys", "--help"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("createApiKey") });
  });

  it("not in NAFTIKO_PATH of an environment file", async () => {
    const args = ["run", "only", "ask", "--env-file", "path.env"];
    const { code } = await runCommand(args, { cwd: path.join(folder, "plain") });
    expect(code).toBe(3);
  });

  it("as an absolute path", async () => {
    expect(await ask([path.join(folder, "first", "who.yaml"), "ask"], { cwd: "/" })).toMatchObject({
      url: "/from-first",
    });
  });
});

describe.concurrent("run reads variables", () => {
  it.each([
    { name: "from .env of the working folder", args: [], env: {}, token: "from-dot-env" },
    { name: "from --env-file, over .env", args: ["--env-file", "a.env"], env: {}, token: "from-a" },
    {
      name: "from the last --env-file",
      args: ["--env-file", "a.env", "--env-file=b.env"],
      env: {},
      token: "from b",
    },
    {
      name: "from the process, over every file",
      args: ["--env-file", "a.env"],
      env: { API_TOKEN: "from-process" },
      token: "from-process",
    },
  ])("$name", async ({ args, env, token }) => {
    const { headers } = await ask(["token", "ask", ...args], { cwd: path.join(folder, "plain"), env });
    expect(headers["authorization"]).toBe(`Bearer ${token}`);
  });
});

describe.concurrent("run takes another base URI", () => {
  it.each([
    {
      name: "for every namespace",
      args: ["two", "askRight", "--base-uri"],
      base: "{other}/base",
      url: "/base/right",
      there: true,
    },
    {
      name: "with a slash at the end",
      args: ["two", "askRight", "--base-uri"],
      base: "{other}/base/",
      url: "/base/right",
      there: true,
    },
    {
      name: "for one namespace",
      args: ["two", "askRight", "--base-uri"],
      base: "right={other}",
      url: "/right",
      there: true,
    },
    {
      name: "not for another namespace",
      args: ["two", "askLeft", "--base-uri"],
      base: "right={other}",
      url: "/left",
      there: false,
    },
    {
      name: "for one namespace before every other",
      args: ["two", "askLeft", "--base-uri", "http://never.invalid", "--base-uri"],
      base: "left={other}",
      url: "/left",
      there: true,
    },
    {
      name: "in place of a template, whose inputs are not needed",
      args: ["hosted", "ask", "--base-uri"],
      base: "{other}",
      url: "/x",
      there: true,
    },
  ])("$name", async ({ args, base, url, there }) => {
    const answered = await ask([...args, base.replace("{other}", other.url)]);
    expect(answered.url).toBe(url);
    const { host } = new URL(there ? other.url : upstream.url);
    expect(answered.headers["host"]).toBe(host);
  });
});
