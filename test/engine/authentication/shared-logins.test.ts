import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withFileLock } from "../../../src/base/files/file-lock.ts";
import type { StoredTokens } from "../../../src/engine/authentication/login-store.ts";
import { loginKey } from "../../../src/engine/authentication/oauth2-session.ts";
import { openUserLoginStore } from "../../../src/engine/authentication/user-login-store.ts";
import { authenticatedDocument, openAuthenticated } from "../../support/open-authenticated.ts";
import { type RotatingServer, startRotatingServer } from "../../support/rotating-server.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

// A refresh token is used up by its first use. A second process that sends it again has, with most servers, ended the
// login for both.

const PROCESSES = ["a", "b", "c", "d", "e", "f", "g", "h"];

let server: RotatingServer;

beforeAll(async () => {
  server = await startRotatingServer(50);
});
afterAll(() => server.close());

/** Returns a client of its own for each name, and so a login. */
function declaration(name: string): { readonly clientId: string; readonly tokenEndpoint: string } {
  return { clientId: name, tokenEndpoint: `${server.url}/token` };
}

const authentication = (name: string) => ({
  type: "oauth2",
  grant: "authorization_code",
  ...declaration(name),
});

/** Returns the environment of a user whose logins have expired. */
async function expiredLogins(names: readonly string[]): Promise<Record<string, string>> {
  const env = { XDG_STATE_HOME: await temporaryFolder({}), NAFTIKO_LOGINS: "file" };
  const store = await openUserLoginStore(env);
  for (const name of names) {
    const tokens = { accessToken: `${name}.0`, refreshToken: `${name}.0`, expiresAt: 1 };
    await store.write(loginKey(declaration(name), server.url), tokens);
  }
  return env;
}

async function refreshTokensOf(env: Record<string, string>): Promise<(string | undefined)[]> {
  const text = await readFile(path.join(env["XDG_STATE_HOME"] ?? "", "naftiko", "logins.json"), "utf8");
  const all = JSON.parse(text) as Record<string, StoredTokens>;
  return Object.values(all)
    .map(({ refreshToken }) => refreshToken)
    .sort();
}

describe("logins that are refreshed at once", () => {
  it.each([
    { by: "one login in eight processes", prefix: "one", names: PROCESSES.map(() => "x") },
    { by: "eight logins in eight processes", prefix: "eight", names: PROCESSES },
    { by: "four logins in eight processes", prefix: "four", names: [..."aabbccdd"] },
  ])("use each refresh token once and lose none: $by", async ({ prefix, names }) => {
    const clients = names.map(name => `${prefix}-${name}`);
    const distinct = [...new Set(clients)];
    const env = await expiredLogins(distinct);
    const cwd = await temporaryFolder(
      Object.fromEntries(
        distinct.map(name => [`${name}.yaml`, JSON.stringify(authenticatedDocument(authentication(name), server.url))]),
      ),
    );
    const runs = await Promise.all(clients.map(name => runCommand(["run", `./${name}.yaml`, "get"], { env, cwd })));
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(names.map(() => ({ code: 0, stderr: "" })));
    expect(server.used.filter(token => token.startsWith(`${prefix}-`)).sort()).toEqual(
      distinct.map(name => `${name}.0`).sort(),
    );
    expect(await refreshTokensOf(env)).toEqual(distinct.map(name => `${name}.1`).sort());
  });

  it("use each refresh token once and lose none: three logins and two capabilities of each in one process", async () => {
    const clients = ["in-a", "in-b", "in-c"];
    const env = await expiredLogins(clients);
    const open = (name: string) =>
      openAuthenticated({ authentication: authentication(name), baseUri: server.url, open: { env } });
    const capabilities = await Promise.all([...clients, ...clients].map(open));
    await Promise.all(capabilities.map(capability => capability.run("get")));
    expect(server.used.filter(token => token.startsWith("in-")).sort()).toEqual(clients.map(name => `${name}.0`));
    expect(await refreshTokensOf(env)).toEqual(clients.map(name => `${name}.1`));
    // A token that was refreshed elsewhere is found without asking the server.
    const asked = server.used.length;
    await Promise.all((await Promise.all(clients.map(open))).map(capability => capability.run("get")));
    expect(server.used.length).toBe(asked);
    for (const capability of capabilities) await capability.close();
  });

  it("end their wait for another process with the call's deadline and signal, and refresh nothing", async () => {
    const env = await expiredLogins(["held"]);
    const key = loginKey(declaration("held"), server.url);
    const lock = path.join(env["XDG_STATE_HOME"] ?? "", "naftiko", `login-${key}`);
    const capability = await openAuthenticated({
      authentication: authentication("held"),
      baseUri: server.url,
      open: { env },
    });
    await withFileLock(lock, async () => {
      await expect(capability.run("get", {}, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
        code: "ABORTED",
      });
    });
    expect(server.used).not.toContain("held.0");
    await capability.run("get");
    expect(server.used.filter(token => token === "held.0")).toEqual(["held.0"]);
  });
});
