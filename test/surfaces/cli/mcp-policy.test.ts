import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { connectClient, httpTransport, type Major, type OfficialClient } from "../../support/mcp-clients.ts";
import { startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// The policy of `naftiko mcp`, as the official clients of both majors meet it.

let upstream: Upstream;
let cwd: string;

beforeAll(async () => {
  upstream = await startUpstream((_, response) => answerJson(response, 200, { ok: true }));
  cwd = await temporaryFolder({
    "shop.yaml": capabilityText({
      baseUri: upstream.url,
      operations: [
        { name: "list", method: "GET", path: "/things" },
        { name: "add", method: "POST", path: "/things", inputParameters: [{ name: "name", in: "body" }] },
        { name: "drop", method: "DELETE", path: "/things/{id}" },
      ],
    }),
    "deny.yaml": "policy: { deny: [add] }\n",
    "home/naftiko/naftiko.config.yaml": "policy: { readOnly: true }\n",
  });
});
afterAll(() => upstream.close());
beforeEach(() => {
  upstream.requests.length = 0;
});

const COMMAND = process.env["NAFTIKO_COMMAND"] ?? new URL("../../../dist/naftiko.cjs", import.meta.url).pathname;

type Ask = (question: string) => "accept" | "decline" | "cancel";

interface Way {
  readonly major: Major;
  readonly revision: string;
  readonly isHttp?: boolean;
}

/** Starts `naftiko mcp` and uses it by an official client. */
async function use(
  args: readonly string[],
  { major, revision, isHttp = false }: Way,
  onElicitation: Ask | undefined,
  work: (client: OfficialClient) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const line = ["mcp", "shop.yaml", ...args];
  const options = onElicitation === undefined ? {} : { onElicitation };
  if (isHttp) {
    const { child, waitFor, finished } = await startCommand([...line, "--http", "127.0.0.1:0"], { cwd, env });
    const [url] = await waitFor(/http:\/\/127\.0\.0\.1:\d+\S*/, "stderr");
    const client = await connectClient(major, revision, httpTransport(major, url), options);
    try {
      await work(client);
    } finally {
      await client.close();
      child.kill("SIGTERM");
      await finished;
    }
    return;
  }
  const start = {
    command: process.execPath,
    args: [COMMAND, ...line],
    cwd,
    env: { ...env },
    stderr: "ignore" as const,
  };
  const transport = major === "1" ? new OldStdio(start) : new NewStdio(start);
  const client = await connectClient(major, revision, transport, options);
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

const NEW: Way = { major: "2", revision: "2025-11-25" };

const sent = () => upstream.requests.map(({ method, url }) => `${method} ${url}`);

describe("naftiko mcp offers", () => {
  it.each<{ args: string[]; env?: Record<string, string>; tools: string; refused: Record<string, string> }>([
    { args: ["--read-only"], tools: "list", refused: { add: "is read-only", drop: "is read-only" } },
    { args: ["--deny", "DELETE *"], tools: "list add", refused: { drop: 'denies "DELETE *"' } },
    { args: ["--allow", "shop/add"], tools: "add", refused: { list: 'allows only "shop/add"' } },
    {
      args: ["--config", "deny.yaml", "--allow", "*"],
      tools: "list drop",
      refused: { add: "the policy of deny.yaml" },
    },
    { args: [], env: { XDG_CONFIG_HOME: "HOME" }, tools: "list", refused: { add: "is read-only" } },
  ])("$tools by $args $env", async ({ args, env = {}, tools, refused }) => {
    const home = Object.fromEntries(Object.keys(env).map(name => [name, `${cwd}/home`]));
    const look = async (client: OfficialClient) => {
      const listed = await client.listTools();
      expect(listed.tools.map(({ name }) => name).join(" ")).toBe(tools);
      for (const [name, reason] of Object.entries(refused)) {
        const { content, isError } = await client.callTool(name, { id: "7" });
        expect(isError).toBe(true);
        expect(content[0]?.text).toContain(reason);
      }
      await expect(client.callTool("unknown", {})).rejects.toMatchObject({ code: -32602 });
    };
    await use(args, NEW, undefined, look, home);
    expect(sent()).toEqual([]);
  });
});

describe("naftiko mcp with four tools", () => {
  it.each([NEW, { major: "2", revision: "2026-07-28" } as const])("keeps to the policy in $revision", async way => {
    const questions: string[] = [];
    const ask: Ask = question => (questions.push(question) > 0 ? "accept" : "cancel");
    const args = ["--tool-limit", "0", "--deny", "drop", "--confirm", "writes"];
    await use(args, way, ask, async client => {
      const refused = await client.callTool("run_operation", { id: "drop", inputs: { id: "7" } });
      expect(refused.isError).toBe(true);
      expect(JSON.stringify(refused.content)).toContain("denies");
      const added = await client.callTool("run_operation", { id: "add", inputs: { name: "ada" } });
      expect(added.isError ?? false).toBe(false);
    });
    expect(sent()).toEqual(["POST /things"]);
    expect(questions).toEqual([`Call "add" of "shop"? It sends POST ${upstream.url}/things, with name: "ada"`]);
  });
});

describe("naftiko mcp --confirm writes", () => {
  const ways: readonly Way[] = [
    { major: "1", revision: "2025-06-18" },
    { major: "1", revision: "2025-11-25", isHttp: true },
    { major: "2", revision: "2025-11-25" },
    { major: "2", revision: "2025-11-25", isHttp: true },
    { major: "2", revision: "2026-07-28" },
    { major: "2", revision: "2026-07-28", isHttp: true },
  ];

  it.each(ways)("asks the person of client $major in $revision, over HTTP: $isHttp", async way => {
    const questions: string[] = [];
    const answers: ReturnType<Ask>[] = ["decline", "accept"];
    const ask: Ask = question => {
      questions.push(question);
      return answers.shift() ?? "cancel";
    };
    await use(["--confirm", "writes"], way, ask, async client => {
      expect((await client.callTool("list", {})).isError ?? false).toBe(false);
      const declined = await client.callTool("add", { name: "ada" });
      expect(declined.isError).toBe(true);
      expect(declined.content[0]?.text).toContain("this one was not confirmed");
      expect((await client.callTool("add", { name: "ada" })).isError ?? false).toBe(false);
      expect((await client.callTool("drop", { id: "7" })).isError).toBe(true);
    });
    expect(sent()).toEqual(["GET /things", "POST /things"]);
    expect(questions).toEqual([
      ...Array(2).fill(`Call "add" of "shop"? It sends POST ${upstream.url}/things, with name: "ada"`),
      `Call "drop" of "shop"? It sends DELETE ${upstream.url}/things/{id}, with id: "7"`,
    ]);
  });

  it.each([NEW, { major: "2", revision: "2026-07-28" } as const])(
    "refuses a client that cannot ask in $revision",
    async way => {
      await use(["--confirm", "writes"], way, undefined, async client => {
        const { content, isError } = await client.callTool("add", { name: "ada" });
        expect(isError).toBe(true);
        expect(JSON.stringify(content)).toContain("it has no elicitation");
      });
      expect(sent()).toEqual([]);
    },
  );
});
