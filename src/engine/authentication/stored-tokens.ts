import type { StoredTokens } from "./login-store.ts";

/** Tokens as a store gives them back; nothing where something else has written them. */
export function readTokens(value: unknown): StoredTokens | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { accessToken, refreshToken, expiresAt } = value as Record<string, unknown>;
  if (typeof accessToken !== "string") return undefined;
  return {
    accessToken,
    ...(typeof refreshToken === "string" ? { refreshToken } : {}),
    ...(typeof expiresAt === "number" ? { expiresAt } : {}),
  };
}
