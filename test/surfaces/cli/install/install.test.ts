import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse as parseToml } from "@decimalturn/toml-patch";
import { parse as parseJson } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { capabilityText } from "../../../support/capability-text.ts";
import { markedSecret } from "../../../support/marked-secret.ts";
import { runCommand } from "../../../support/run-command.ts";
import { runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const capability = capabilityText({
  namespace: "shop",
  baseUri: "https://shop.test",
  binds: { SHOP_KEY: "SHOP_API_KEY" },
  operations: [{ name: "ask", method: "GET", path: "/" }],
});

interface Case {
  readonly client: string;
  /** From the home folder, on Linux. */
  readonly file: string;
  readonly member: string;
  /** Members of the entry besides its command. */
  readonly entry: object;
  readonly told: RegExp;
}

const cases: Case[] = [
  {
    client: "claude",
    file: ".config/Claude/claude_desktop_config.json",
    member: "mcpServers",
    entry: {},
    told: /write SHOP_API_KEY into a file that only you can read, and name it with --env-file FILE/,
  },
  {
    client: "claude-code",
    file: ".claude.json",
    member: "mcpServers",
    entry: { type: "stdio", env: { SHOP_API_KEY: "${SHOP_API_KEY:-}" } },
    told: /Set SHOP_API_KEY in the environment that Claude Code is started from/,
  },
  ...[
    { client: "cursor", file: ".cursor/mcp.json", member: "mcpServers", entry: {} },
    { client: "vscode", file: ".config/Code/User/mcp.json", member: "servers", entry: { type: "stdio" } },
    { client: "windsurf", file: ".codeium/windsurf/mcp_config.json", member: "mcpServers", entry: {} },
  ].map(({ entry, ...rest }) => ({
    ...rest,
    entry: { ...entry, env: { SHOP_API_KEY: "${env:SHOP_API_KEY}" } },
    told: /Set SHOP_API_KEY in the environment/,
  })),
  {
    client: "codex",
    file: ".codex/config.toml",
    member: "mcp_servers",
    entry: { env_vars: ["SHOP_API_KEY"] },
    told: /Set SHOP_API_KEY in the environment/,
  },
  {
    client: "gemini",
    file: ".gemini/settings.json",
    member: "mcpServers",
    entry: { env: { SHOP_API_KEY: "${SHOP_API_KEY}" } },
    told: /Set SHOP_API_KEY in the environment/,
  },
  {
    client: "zed",
    file: ".config/zed/settings.json",
    member: "context_servers",
    entry: { env: {} },
    told: /Set SHOP_API_KEY in the environment/,
  },
];

async function home(files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder({ "work/shop.yaml": capability, "home/.keep": "", ...files });
  const cwd = path.join(folder, "work");
  const env = { HOME: path.join(folder, "home"), SHOP_API_KEY: markedSecret("of-the-shop") };
  const install = (...args: string[]) => runMain(["mcp", "install", ...args], { cwd, env });
  return { folder: env.HOME, cwd, env, install };
}

const read = (file: string, text: string): Record<string, Record<string, unknown>> =>
  file.endsWith(".toml") ? parseToml(text) : parseJson(text);

describe("mcp install", () => {
  it.each(cases)("writes the entry of $client", async ({ client, file, member, entry, told }) => {
    const { folder, cwd, install } = await home();
    const { code, stdout, stderr } = await install(client, "./shop.yaml", "--read-only");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(told);
    const settings = read(file, await readFile(path.join(folder, file), "utf8"));
    expect(settings).toEqual({
      [member]: {
        shop: {
          command: expect.stringMatching(/^\/.*node$/),
          args: [
            expect.stringMatching(/^\/.*dist\/naftiko\.cjs$/),
            ...["mcp", path.join(cwd, "shop.yaml"), "--read-only"],
          ],
          ...entry,
        },
      },
    });
  });

  it("keeps the rest of the file, the file itself and its former state", async () => {
    const before = `{\n  // ${markedSecret("in-settings")}\n  "mcpServers": {\n    "other": { "command": "x" },\n  },\n}\n`;
    const { folder, install } = await home({ "home/dotfiles/mcp.json": before });
    const target = path.join(folder, "dotfiles/mcp.json");
    await chmod(target, 0o600);
    await mkdir(path.join(folder, ".cursor"));
    await symlink(target, path.join(folder, ".cursor/mcp.json"));
    expect(await install("cursor", "./shop.yaml", "--dry-run")).toMatchObject({ code: 0 });
    expect(await readFile(target, "utf8")).toBe(before);
    expect(await install("cursor", "./shop.yaml")).toMatchObject({ code: 0 });
    const after = await readFile(target, "utf8");
    expect(after.startsWith(before.slice(0, before.indexOf("\n  },")))).toBe(true);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    const [backup = "", ...others] = (await readdir(path.join(folder, ".cursor"))).filter(name =>
      name.endsWith(".bak"),
    );
    expect(others).toEqual([]);
    expect(await readFile(path.join(folder, ".cursor", backup), "utf8")).toBe(before);
    const again = await install("cursor", "./shop.yaml");
    expect(again.stderr).toContain("shop is already in");
    expect(await readFile(target, "utf8")).toBe(after);
  });

  it("leaves the server of another program alone, unless it is told to replace it", async () => {
    const before = '{ "mcpServers": { "shop": { "command": "npx", "args": ["shop-mcp"] } } }';
    const { folder, install } = await home({ "home/.cursor/mcp.json": before });
    const file = path.join(folder, ".cursor/mcp.json");
    const refused = await install("cursor", "./shop.yaml");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/a server of that name is there .* --name, or replace it with --force/);
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await install("cursor", "./shop.yaml", "--name", "shop2")).toMatchObject({ code: 0 });
    expect(await install("cursor", "./shop.yaml", "--force")).toMatchObject({ code: 0 });
    const { mcpServers } = parseJson(await readFile(file, "utf8"));
    expect(Object.keys(mcpServers)).toEqual(["shop", "shop2"]);
    expect(mcpServers.shop.command).toMatch(/node$/);
  });

  it.each([
    { text: '{ "mcpServers": { "a" } }', told: /\.cursor\/mcp\.json:1:23: colon expected/ },
    { text: '{ "mcpServers": [] }', told: /\.cursor\/mcp\.json:1:17: "mcpServers" is no object, found array/ },
  ])("leaves a faulty file as it is: $text", async ({ text, told }) => {
    const { folder, install } = await home({ "home/.cursor/mcp.json": text });
    const { code, stderr } = await install("cursor", "./shop.yaml");
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
    expect(await readdir(path.join(folder, ".cursor"))).toEqual(["mcp.json"]);
    expect(await readFile(path.join(folder, ".cursor/mcp.json"), "utf8")).toBe(text);
  });

  it.each([
    { args: ["emacs", "./shop.yaml"], told: /emacs/ },
    { args: ["cursor", "./shop.yaml", "--name", "my shop"], told: /Cannot name a server "my shop"/ },
    { args: ["cursor", "./shop.yaml", "--header", "Authorization: x"], told: /--header/ },
    { args: ["cursor", "nothing-there"], told: /nothing-there/ },
    { args: ["cursor"], told: /argument is missing/i },
  ])("refuses $args", async ({ args, told }) => {
    const { folder, install } = await home();
    const { code, stderr } = await install(...args);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toMatch(told);
    expect(await readdir(folder)).toEqual([".keep"]);
  });

  it("writes a command that serves from any folder, with paths that are absolute", async () => {
    const { folder, cwd, env, install } = await home();
    await writeFile(path.join(cwd, "keys.env"), "SHOP_API_KEY=from-a-file\n");
    const { stderr } = await install("claude", "./shop.yaml", "--env-file", "keys.env", "--max-tokens", "900");
    expect(stderr).not.toMatch(/SHOP_API_KEY/);
    const file = path.join(folder, ".config/Claude/claude_desktop_config.json");
    const { args } = parseJson(await readFile(file, "utf8")).mcpServers.shop;
    const given = ["--max-tokens", "900", "--env-file", path.join(cwd, "keys.env")];
    expect(args.slice(1)).toEqual(["mcp", path.join(cwd, "shop.yaml"), ...given]);
    const stdin = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } } })}\n`;
    const { code, stdout } = await runCommand(args.slice(1), { env: { HOME: env.HOME }, stdin });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { protocolVersion: "2025-11-25" } });
  });
});
