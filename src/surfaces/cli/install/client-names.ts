/** Clients as the command line names them. */
export const CLIENT_NAMES = [
  "claude",
  "claude-code",
  "cursor",
  "vscode",
  "codex",
  "gemini",
  "windsurf",
  "zed",
] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];
