import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AuthorizationServer, Person, startAuthorizationServer } from "../../support/authorization-server.ts";
import { authenticatedDocument } from "../../support/open-authenticated.ts";
import { type CommandOptions, type Finished, runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const LIFE_SECONDS = 600;

let server: AuthorizationServer;
let api: Upstream;
let folder: string;
let options: CommandOptions & { readonly env: Readonly<Record<string, string>> };

function declaration(more: object = {}): object {
  return {
    type: "oauth2",
    grant: "authorization_code",
    authorizationServerUri: server.url,
    clientId: "terminal",
    scopes: ["openid", "offline_access", "orders:read"],
    ...more,
  };
}

beforeAll(async () => {
  server = await startAuthorizationServer(LIFE_SECONDS);
  api = await startUpstream(async ({ headers }, response) => {
    const token = await server.check(headers.authorization?.replace("Bearer ", ""));
    answerJson(response, token === undefined ? 401 : 200, token ?? {});
  });
  const file = (more: object, baseUri = api.url) => JSON.stringify(authenticatedDocument(declaration(more), baseUri));
  folder = await temporaryFolder({
    "capabilities/shop.yaml": file({}),
    "capabilities/device.yaml": file({ grant: "device_code" }),
    // The same client and server, and another API, which must never see the token.
    "capabilities/other.yaml": file({}, "http://127.0.0.1:1"),
    "capabilities/plain.yaml": JSON.stringify(authenticatedDocument({ type: "bearer", token: "x" }, api.url)),
    "capabilities/open.yaml": file({}, "http://{host}"),
    "capabilities/clear.yaml": file({ authorizationEndpoint: "http://naftiko.invalid/authorize" }),
    "capabilities/wrong.yaml": file({ clientId: "nobody" }),
  });
});

beforeEach(async () => {
  const state = await temporaryFolder({});
  options = { cwd: folder, env: { XDG_STATE_HOME: state, NAFTIKO_LOGINS: "file" } };
});

afterAll(async () => {
  await api?.close();
  await server?.close();
});

async function logIn(args: readonly string[], visit: (url: string) => Promise<unknown>): Promise<Finished> {
  const { waitFor, finished } = await startCommand(["login", ...args], options);
  const [, url = ""] = await waitFor(/^ {2}(http\S+)$/m);
  await visit(url);
  return finished;
}

const run = (capability: string) => runCommand(["run", capability, "get"], options);

async function storedFile(): Promise<string> {
  return path.join(options.env["XDG_STATE_HOME"] ?? "", "naftiko", "logins.json");
}

describe("naftiko login", () => {
  it("asks for a login before the first call", async () => {
    const { code, stdout, stderr } = await run("shop");
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toBe("error: get: You are not logged in\nnaftiko login shop api logs in\n");
  });

  it("opens no page over plain http on another computer", async () => {
    const { code, stdout, stderr } = await runCommand(["login", "clear"], options);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("Cannot get a login from http://naftiko.invalid/authorize");
    expect(stderr).toContain("--allow-insecure-auth");
  });

  it("logs in at a browser, calls, refreshes, logs out", async () => {
    const person = new Person();
    const done = await logIn(["shop"], async url => {
      const page = await person.visit(url);
      expect(page).toContain("You are logged in");
    });
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toContain(`Logged in to api (${api.url}); the tokens are in ${await storedFile()}\n`);

    expect(await run("shop")).toMatchObject({
      code: 0,
      stdout: '{"scope":"openid offline_access orders:read"}\n',
    });
    expect(await run("other")).toMatchObject({ code: 4 });

    const tokens = JSON.parse(await readFile(await storedFile(), "utf8")) as Record<string, { accessToken: string }>;
    const [{ accessToken } = { accessToken: "" }] = Object.values(tokens);
    await server.revoke(accessToken);
    expect(await run("shop")).toMatchObject({ code: 0 });
    expect(server.grants.at(-1)).toBe("refresh_token");
    expect(await run("shop")).toMatchObject({ code: 0 });
    expect(await readFile(await storedFile(), "utf8")).not.toContain(accessToken);

    const [last] = Object.values(JSON.parse(await readFile(await storedFile(), "utf8")) as typeof tokens);
    expect(await server.check(last?.accessToken)).toBeDefined();
    expect(await runCommand(["logout", "shop"], options)).toEqual({
      code: 0,
      stdout: `Logged out of api (${api.url})\n`,
      stderr: "",
    });
    // The server has forgotten it too.
    expect(await server.check(last?.accessToken)).toBeUndefined();
    expect(await run("shop")).toMatchObject({ code: 4 });
    expect(await runCommand(["logout", "shop"], options)).toMatchObject({
      code: 0,
      stdout: `There was no login to api (${api.url})\n`,
    });
  });

  it("keeps the tokens where their owner alone may read them, and nothing else there", async () => {
    await logIn(["shop", "api"], url => new Person().visit(url));
    const file = await storedFile();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(file))).toEqual(["logins.json"]);
  });

  it("prints no token, also when it tells everything", async () => {
    const { stdout, stderr } = await logIn(["shop"], url => new Person().visit(url));
    const calls = [
      await runCommand(["run", "shop", "get", "--verbose"], options),
      await runCommand(["run", "shop", "get", "--dry-run"], options),
      await runCommand(["run", "shop", "get", "--select", "$[", "--verbose"], options),
    ];
    const [tokens = {}] = Object.values(JSON.parse(await readFile(await storedFile(), "utf8")) as object);
    const { accessToken, refreshToken } = tokens as Record<string, string>;
    expect([accessToken?.length, refreshToken?.length]).toEqual([43, 43]);
    const printed = [stdout, stderr, ...calls.flatMap(call => [call.stdout, call.stderr])].join("\n");
    expect(printed).toContain("authorization: Bearer ***");
    expect(printed).not.toContain(accessToken);
    expect(printed).not.toContain(refreshToken);
  });

  it("turns away whoever was not sent by it", async () => {
    const { waitFor, finished } = await startCommand(["login", "shop"], options);
    const [, url = ""] = await waitFor(/^ {2}(http\S+)$/m);
    const redirect = new URL(url).searchParams.get("redirect_uri") ?? "";
    expect(redirect).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const statuses = await Promise.all(
      [
        `${redirect}?code=x`,
        `${redirect}?code=x&state=guess`,
        redirect.replace("/callback", "/"),
        `${redirect}/?code=x`,
      ].map(async attempt => (await fetch(attempt)).status),
    );
    expect(statuses).toEqual([400, 400, 404, 404]);
    await new Person().visit(url);
    expect(await finished).toMatchObject({ code: 0 });
    await expect(fetch(redirect)).rejects.toThrow();
  });

  it("forgets the tokens also when the server is away", async () => {
    const gone = await startAuthorizationServer();
    const document = authenticatedDocument(declaration({ authorizationServerUri: gone.url }), api.url);
    const file = path.join(await temporaryFolder({ "gone.yaml": JSON.stringify(document) }), "gone.yaml");
    expect(await logIn([file], url => new Person().visit(url))).toMatchObject({ code: 0 });
    await gone.close();
    const { code, stdout, stderr } = await runCommand(["logout", file], options);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Logged out of api (${api.url})\n` });
    expect(stderr).toMatch(/^warning: the authorization server takes the tokens until they expire: Cannot get /);
    expect(await readFile(await storedFile(), "utf8")).toBe("{}\n");
  });

  it("asks for a code challenge and the declared scopes", async () => {
    const { waitFor, child, finished } = await startCommand(["login", "shop"], options);
    const [, url = ""] = await waitFor(/^ {2}(http\S+)$/m);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      response_type: "code",
      client_id: "terminal",
      scope: "openid offline_access orders:read",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    child.kill("SIGINT");
    expect(await finished).toMatchObject({ code: 130 });
  });

  it("tells why the server refused", async () => {
    const { code, stdout, stderr } = await logIn(["shop"], async url => {
      const { searchParams } = new URL(url);
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("error_description", "not\u001b[2J you");
      back.searchParams.set("state", searchParams.get("state") ?? "");
      back.searchParams.set("iss", server.url);
      expect(await (await fetch(back)).text()).toContain("The login failed");
    });
    expect(code).toBe(4);
    expect(stdout).not.toContain("Logged in");
    expect(stderr).toBe("error: The authorization server refused: access_denied (not\\u001b[2J you)\n");
  });

  it("logs in on another device", async () => {
    const { waitFor, finished } = await startCommand(["login", "device"], options);
    const [, address = ""] = await waitFor(/^or open (\S+)$/m);
    const [, code] = await waitFor(/^ {2}(\S+)$/m);
    expect(address).toContain(code);
    const page = await new Person().visit(address);
    expect(page).toContain("Sign-in Success");
    expect(await finished).toMatchObject({ code: 0, stderr: "" });
    expect(await run("device")).toMatchObject({
      code: 0,
      stdout: '{"scope":"openid offline_access orders:read"}\n',
    });
  });

  it.each([
    [["login", "plain"], 2, "none of its APIs has authentication oauth2"],
    [["logout", "plain"], 2, "none of its APIs has authentication oauth2"],
    [["login", "shop", "nope"], 2, 'shop has logins to api, not to "nope": name one'],
    [["login", "shop", "--port", "x"], 2, "Option --port is a number"],
    [["login", "open"], 2, "has placeholders\n"],
    [["login", "nowhere"], 3, "nowhere"],
    [["login", "shop", "--nope"], 2, "--nope"],
    [["login", "wrong", "--device"], 4, "invalid_client"],
  ] as const)("%j ends with %d", async (args, code, says) => {
    const result = await runCommand(args, options);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(says);
  });
});
