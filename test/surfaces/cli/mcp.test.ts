import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { connectClient, httpTransport, type Major } from "../../support/mcp-clients.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

let upstream: Upstream;
let cwd: string;
/** Settles when the API is asked for `/slow`, which it does not answer, and when that call has ended. */
let slow = { begun: () => {}, ended: () => {} };

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    if (request.url === "/slow") {
      slow.begun();
      response.on("close", () => slow.ended());
      return;
    }
    answerJson(response, 200, { url: request.url, method: request.method, seen: request.headers["x-extra"] ?? null });
  });
  const files = (name: string, label: string) =>
    capabilityText({
      info: { label, description: `About ${name}` },
      baseUri: upstream.url,
      operations: [
        { name: "list", method: "GET", path: `/${name}`, description: `Lists of ${name}` },
        { name: `${name}-slow`, method: "GET", path: "/slow" },
        {
          name: `${name}-get`,
          method: "GET",
          path: `/${name}/{id}`,
          inputParameters: [{ name: "page[size]", in: "query", type: "integer" }],
        },
      ],
    });
  cwd = await temporaryFolder({
    "shop.yaml": files("shop", "Shop"),
    "many/shop.yaml": files("shop", "Shop"),
    "many/library.yaml": files("library", "Library"),
    "many/broken.yaml": "naftiko: [",
    "only/broken.yaml": "naftiko: [",
    "none/none.yaml": capabilityText({ operations: [] }),
  });
});
afterAll(() => upstream.close());

const COMMAND = process.env["NAFTIKO_COMMAND"] ?? new URL("../../../dist/naftiko.cjs", import.meta.url).pathname;

/** Connects an official client to `naftiko mcp`, which it starts as clients do. */
function connect(args: readonly string[], major: Major = "2", revision = "2025-11-25") {
  const start = { command: process.execPath, args: [COMMAND, "mcp", ...args], cwd, stderr: "ignore" as const };
  return connectClient(major, revision, major === "1" ? new OldStdio(start) : new NewStdio(start));
}

describe("naftiko mcp serves over its streams", () => {
  test.each([
    { major: "1", revision: "2025-06-18" },
    { major: "2", revision: "2025-11-25" },
    { major: "2", revision: "2026-07-28" },
  ] as const)("operations as tools, to client $major in $revision", async ({ major, revision }) => {
    const client = await connect(["shop.yaml"], major, revision);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(["list", "shop-slow", "shop-get"]);
      expect(client.getServerVersion()).toMatchObject({ name: "shop", title: "Shop" });
      expect(client.getInstructions()).toContain("About shop");
      const answer = await client.callTool("shop-get", { id: "a b", page_size: "5" });
      expect(JSON.parse(answer.content[0]?.text ?? "")).toMatchObject({ url: "/shop/a%20b?page%5Bsize%5D=5" });
    } finally {
      await client.close();
    }
  });

  test("several files, and tells of one that it cannot read", async () => {
    const running = await startCommand(["mcp", "many"], { cwd, stdin: null });
    await running.waitFor(/many\/broken\.yaml cannot be served as it is/, "stderr");
    running.child.stdin.end();
    expect(await running.finished).toMatchObject({ code: 0, stdout: "" });
    const client = await connect(["many"]);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name).sort()).toEqual([
        ...["library-get", "library-slow", "library_list", "shop-get", "shop-slow", "shop_list"],
      ]);
    } finally {
      await client.close();
    }
  });

  test("headers of every call", async () => {
    const client = await connect(["shop.yaml", "--header", "X-Extra: yes"]);
    try {
      const answer = await client.callTool("list", {});
      expect(JSON.parse(answer.content[0]?.text ?? "")).toMatchObject({ seen: "yes" });
    } finally {
      await client.close();
    }
  });

  test.each(["end", "SIGTERM", "SIGINT"] as const)("until %s, which ends the calls under way", async how => {
    const begun = new Promise<void>(resolve => {
      slow = { ...slow, begun: resolve };
    });
    const ended = new Promise<void>(resolve => {
      slow = { ...slow, ended: resolve };
    });
    const running = await startCommand(["mcp", "shop.yaml"], { cwd, stdin: null });
    const send = (message: object) => running.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const info = { name: "test", version: "1" };
    send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: info },
    });
    await running.waitFor(/"id":1/);
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/call", params: { name: "shop-slow", arguments: {} } });
    await begun;
    if (how === "end") running.child.stdin.end();
    else running.child.kill(how);
    await ended;
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("naftiko mcp serves over HTTP", () => {
  test("operations as tools, to clients with the token alone", async () => {
    const env = { MCP_TOKEN: "t0ken-MARK-of-clients" };
    const running = await startCommand(["mcp", "shop.yaml", "--http", "127.0.0.1:0", "--token-env", "MCP_TOKEN"], {
      ...{ cwd, env, stdin: null },
    });
    try {
      const [, url = ""] = await running.waitFor(/mcp listens on (\S+)/, "stderr");
      const refused = await fetch(url, { method: "POST", body: "{}" });
      expect(refused.status).toBe(401);
      const transport = httpTransport("2", url) as { _requestInit?: RequestInit };
      transport._requestInit = { headers: { authorization: `Bearer ${env.MCP_TOKEN}` } };
      const client = await connectClient("2", "2026-07-28", transport);
      const { tools } = await client.listTools();
      expect(tools).toHaveLength(3);
      expect(await client.callTool("list", {})).toMatchObject({ content: [{ type: "text" }] });
      await client.close();
    } finally {
      running.child.kill("SIGTERM");
      expect(await running.finished).toMatchObject({ code: 0, stdout: "" });
    }
  });

  test("and warns where everybody can call", async () => {
    const running = await startCommand(["mcp", "shop.yaml", "--http", "0.0.0.0:0"], { cwd, stdin: null });
    await running.waitFor(/warning: mcp has no authentication/, "stderr");
    running.child.kill("SIGTERM");
    expect((await running.finished).code).toBe(0);
  });
});

describe("naftiko mcp refuses", () => {
  test.each([
    { args: [], code: 2, says: /argument is missing/ },
    { args: ["-"], code: 2, says: /"-" is none/ },
    { args: ["nowhere"], code: 3, says: /nowhere/ },
    { args: ["only/broken.yaml"], code: 3, says: /broken\.yaml/ },
    { args: ["none"], code: 2, says: /1 file consumes no operations; naftiko serve/ },
    { args: ["shop.yaml", "--http", "8090"], code: 2, says: /HOST:PORT/ },
    { args: ["shop.yaml", "--http", "127.0.0.1:99999"], code: 2, says: /HOST:PORT/ },
    { args: ["shop.yaml", "--token-env", "X"], code: 2, says: /take --http/ },
    { args: ["shop.yaml", "--http", "127.0.0.1:0", "--token-env", "X"], code: 2, says: /"X", which has no value/ },
    { args: ["shop.yaml", "--cors-origin", "no"], code: 2, says: /is an origin/ },
  ])("$args", async ({ args, code, says }) => {
    const finished = await runCommand(["mcp", ...args], { cwd });
    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
  });

  test("nothing of what the working folder holds by chance: its .env is not read", async () => {
    const folder = await temporaryFolder({
      "secret.yaml": capabilityText({
        baseUri: upstream.url,
        binds: { TOKEN: "TOKEN" },
        operations: [{ name: "get", method: "GET", path: "/{{TOKEN}}" }],
      }),
      ".env": "TOKEN=found",
    });
    const start = {
      command: process.execPath,
      args: [COMMAND, "mcp", "secret.yaml"],
      cwd: folder,
      stderr: "ignore" as const,
    };
    const client = await connectClient("2", "2025-11-25", new NewStdio(start));
    try {
      const answer = await client.callTool("get", {});
      expect(answer.isError).toBe(true);
      expect(answer.content.map(({ text }) => text).join("\n")).toMatch(/TOKEN/);
    } finally {
      await client.close();
    }
  });
});

describe("naftiko mcp offers tools that search", () => {
  const many = (count: number, api: string) =>
    capabilityText({
      baseUri: upstream.url,
      info: { tags: [api] },
      operations: Array.from({ length: count }, (_, number) => ({
        name: `${api}-part-${number}`,
        method: number % 2 === 0 ? "GET" : "POST",
        path: `/${api}/${number}`,
        description: `Part ${number} of ${api}`,
      })),
    });
  const SEARCHING = ["search_operations", "describe_operation", "read_operation", "run_operation"];
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder({
      "one/large.yaml": many(60, "large"),
      "several/a.yaml": many(30, "alpha"),
      "several/b.yaml": many(30, "beta"),
      ...Object.fromEntries(
        Array.from({ length: 45 }, (_, number) => [`files/f${number}.yaml`, many(1, `api${number}`)]),
      ),
    });
  });

  test.each([
    { what: "a file of 60 operations", args: ["one/large.yaml"], count: 4 },
    { what: "a folder of 60 operations", args: ["several"], count: 4 },
    { what: "45 files", args: ["files"], count: 4 },
    { what: "a limit of 0", args: ["several/a.yaml", "--tool-limit", "0"], count: 4 },
    { what: "not below the limit", args: ["several/a.yaml"], count: 30 },
    { what: "not below a higher limit", args: ["several", "--tool-limit", "60"], count: 60 },
    { what: "not where the policy leaves few", args: ["several", "--read-only"], count: 30 },
    { what: "not where the policy leaves few of many files", args: ["files", "--toolset", "api7"], count: 1 },
    { what: "where the policy leaves many", args: ["one", "--read-only", "--tool-limit", "20"], count: 4 },
  ])("for $what: $count", async ({ args, count }) => {
    const client = await connect(
      args.map(arg => (arg.startsWith("-") || /^\d|^api/.test(arg) ? arg : `${folder}/${arg}`)),
    );
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(count === 4 ? SEARCHING : expect.anything());
      expect(tools).toHaveLength(count);
    } finally {
      await client.close();
    }
  });

  test.each(["1", "2"] as const)("to client %s, which finds, is told, reads and runs", async major => {
    const client = await connect([`${folder}/several`, `${folder}/one`], major);
    try {
      const call = async (name: string, given: Readonly<Record<string, unknown>>) =>
        (await client.callTool(name, given)).content.map(({ text }) => text).join("\n");
      const { operations } = JSON.parse(await call("search_operations", { query: "part 12 of beta", limit: 1 }));
      expect(operations).toMatchObject([{ id: "b/beta-part-12", method: "GET", path: "/beta/12" }]);
      expect(JSON.parse(await call("describe_operation", { id: operations[0].id }))).toMatchObject({
        callWith: "read_operation",
      });
      expect(JSON.parse(await call("read_operation", { id: operations[0].id }))).toMatchObject({ url: "/beta/12" });
      expect(JSON.parse(await call("run_operation", { id: "POST /large/3" }))).toMatchObject({ method: "POST" });
      expect(await call("read_operation", { id: "POST /large/3" })).toMatch(/^Nothing was sent/);
    } finally {
      await client.close();
    }
  });

  test("in which a refused operation is told as refused", async () => {
    const client = await connect([`${folder}/one`, "--read-only", "--tool-limit", "5"]);
    try {
      const { content, isError } = await client.callTool("run_operation", { id: "large/large-part-3" });
      expect([isError, content[0]?.text]).toEqual([true, expect.stringMatching(/read-only/)]);
    } finally {
      await client.close();
    }
  });
});
