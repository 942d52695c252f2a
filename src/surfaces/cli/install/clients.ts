import path from "node:path";
import type { JsonObject } from "../../../base/json-object.ts";
import type { Client, Launch, UserFolders } from "./client.ts";
import type { ClientName } from "./client-names.ts";

/** Clients by the name that the command line knows them by. The page of each that says so is in docs/install.md. */
export const clients: Readonly<Record<ClientName, Client>> = {
  claude: {
    title: "Claude",
    file: user => path.join(settingsFolder(user), "Claude", "claude_desktop_config.json"),
    format: "json",
    member: "mcpServers",
    // It has no word for a variable, and gives servers few of its own.
    entry: ({ command, args }) => ({ command, args }),
    givesVariables: false,
    afterwards: "Quit Claude and start it again",
  },
  "claude-code": {
    title: "Claude Code",
    file: ({ home, env }) => path.join(env["CLAUDE_CONFIG_DIR"] || home, ".claude.json"),
    format: "json",
    member: "mcpServers",
    // A reference without a default would arrive as it is written where the variable is not set.
    entry: launch => ({ type: "stdio", ...entryWith(launch, name => `\${${name}:-}`) }),
    givesVariables: true,
    afterwards: "Start Claude Code again; /mcp shows its servers",
  },
  cursor: {
    title: "Cursor",
    file: ({ home }) => path.join(home, ".cursor", "mcp.json"),
    format: "json",
    member: "mcpServers",
    entry: launch => entryWith(launch, name => `\${env:${name}}`),
    givesVariables: true,
    afterwards: "Switch the server on in Cursor's settings of tools",
  },
  vscode: {
    title: "VS Code",
    file: user => path.join(settingsFolder(user), "Code", "User", "mcp.json"),
    format: "json",
    member: "servers",
    entry: launch => ({ type: "stdio", ...entryWith(launch, name => `\${env:${name}}`) }),
    givesVariables: true,
    afterwards: "Start the server by the command “MCP: List Servers”",
  },
  codex: {
    title: "Codex",
    file: ({ home, env }) => path.join(env["CODEX_HOME"] || path.join(home, ".codex"), "config.toml"),
    format: "toml",
    member: "mcp_servers",
    entry: ({ command, args, variables }) => ({
      command,
      args,
      ...(variables.length === 0 ? {} : { env_vars: variables }),
    }),
    givesVariables: true,
    afterwards: "Start Codex again; /mcp shows its servers",
  },
  gemini: {
    title: "Gemini CLI",
    file: ({ home }) => path.join(home, ".gemini", "settings.json"),
    format: "json",
    member: "mcpServers",
    entry: launch => entryWith(launch, name => `\${${name}}`),
    givesVariables: true,
    afterwards: "Start Gemini CLI again; /mcp shows its servers",
  },
  windsurf: {
    title: "Windsurf",
    file: ({ home }) => path.join(home, ".codeium", "windsurf", "mcp_config.json"),
    format: "json",
    member: "mcpServers",
    entry: launch => entryWith(launch, name => `\${env:${name}}`),
    givesVariables: true,
    afterwards: "Refresh the list of servers in Windsurf's settings of Cascade",
  },
  zed: {
    title: "Zed",
    file: user => path.join(zedFolder(user), "settings.json"),
    format: "json",
    member: "context_servers",
    // It has no word for a variable: a server gets those that Zed was started with.
    entry: ({ command, args }) => ({ command, args, env: {} }),
    givesVariables: true,
    afterwards: "Zed starts it at once; the agent panel's settings show it",
  },
};

/** Returns an entry with a reference to each variable. */
function entryWith({ command, args, variables }: Launch, reference: (name: string) => string): JsonObject {
  const env = Object.fromEntries(variables.map(name => [name, reference(name)]));
  return { command, args, ...(variables.length === 0 ? {} : { env }) };
}

/** Returns the folder in which programs with a window keep their settings. */
function settingsFolder({ platform, home, env }: UserFolders): string {
  if (platform === "darwin") return path.join(home, "Library", "Application Support");
  if (platform === "win32") return env["APPDATA"] || path.join(home, "AppData", "Roaming");
  return configFolder(env, home);
}

/** Zed keeps its settings in the same folder on macOS and Linux. */
function zedFolder({ platform, home, env }: UserFolders): string {
  if (platform === "win32") return path.join(env["APPDATA"] || path.join(home, "AppData", "Roaming"), "Zed");
  return path.join(platform === "darwin" ? path.join(home, ".config") : configFolder(env, home), "zed");
}

/** XDG Base Directory Specification: a relative path counts as none. */
function configFolder(env: UserFolders["env"], home: string): string {
  const { XDG_CONFIG_HOME: config } = env;
  return config !== undefined && path.isAbsolute(config) ? config : path.join(home, ".config");
}
