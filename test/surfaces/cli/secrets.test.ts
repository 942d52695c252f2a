import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** Each has another form when it is percent-encoded and when it stands in JSON. */
const SECRETS = {
  API_TOKEN: 'tok en/"quoted"?&=%é',
  API_PASSWORD: "pass:word/+\\",
  API_KEY: "k3y=#[]{}",
};

const BINDS = { API_TOKEN: "API_TOKEN", API_PASSWORD: "API_PASSWORD", API_KEY: "API_KEY" };

/** Every form in which one of the secrets could be seen. */
const FORMS = [
  ...Object.values(SECRETS).flatMap(secret => {
    const percent = encodeURIComponent(secret);
    return [
      secret,
      percent,
      percent.replaceAll("%20", "+"),
      percent.toLowerCase(),
      JSON.stringify(secret).slice(1, -1),
    ];
  }),
  Buffer.from(`ann:${SECRETS.API_PASSWORD}`).toString("base64"),
];

let upstream: Upstream;
let folder: string;

const OPERATIONS = [
  { name: "get", method: "GET", path: "/things", inputParameters: [input("limit", "query", "integer")] },
  {
    name: "refused",
    method: "GET",
    path: "/refused",
    inputParameters: [{ name: "token", in: "query", value: "{{API_TOKEN}}" }],
  },
  { name: "broken", method: "GET", path: "/broken" },
  {
    name: "send",
    method: "POST",
    path: "/things/{{API_KEY}}",
    inputParameters: [{ name: "X-Key", in: "header", value: "{{API_KEY}}" }, required("name", "body")],
    body: { type: "json", data: { name: "{{name}}", password: "{{API_PASSWORD}}", key: "key {{API_KEY}}" } },
  },
  {
    name: "own",
    method: "GET",
    path: "/things",
    inputParameters: [input("Authorization", "header"), input("X-Api-Key", "header"), input("session", "cookie")],
  },
];

const AUTHENTICATIONS = {
  bearer: { type: "bearer", token: "{{API_KEY}}" },
  basic: { type: "basic", username: "ann", password: "{{API_PASSWORD}}" },
  header: { type: "apikey", key: "X-Secret-Key", value: "{{API_TOKEN}}", placement: "header" },
  query: { type: "apikey", key: "api_key", value: "{{API_TOKEN}}", placement: "query" },
};

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    // The API tells everything it was told: in a header, in an error, in a body that is not JSON.
    const told = JSON.stringify(request);
    response.setHeader("x-told", encodeURIComponent(told));
    response.setHeader("set-cookie", ["session=5e551on; Path=/", "other=5e551on"]);
    if (request.url.includes("/refused")) answerJson(response, 400, { told, request });
    else if (request.url.includes("/broken")) response.end(`not json: ${told}`);
    else answerJson(response, 200, { ok: true });
  });
  folder = await temporaryFolder(
    Object.fromEntries(
      Object.entries(AUTHENTICATIONS).map(([name, authentication]) => [
        `capabilities/${name}.yaml`,
        capabilityText({ baseUri: upstream.url, binds: BINDS, authentication, operations: OPERATIONS }),
      ]),
    ),
  );
});

afterAll(() => upstream.close());

function expectNoSecret(text: string): void {
  for (const form of FORMS) expect(text).not.toContain(form);
}

const CALLS = [
  { name: "a call with --verbose", args: ["get", "--verbose"], code: 0 },
  { name: "a body with --verbose", args: ["send", "--name", "ci", "--verbose"], code: 0 },
  { name: "a refused call", args: ["refused"], code: 5 },
  { name: "a refused call with --verbose", args: ["refused", "--verbose"], code: 5 },
  { name: "a refused call as JSON", args: ["refused", "--output", "json"], code: 5 },
  { name: "an answer that cannot be decoded", args: ["broken", "--verbose"], code: 7 },
  { name: "a network error", args: ["refused", "--base-uri", "http://127.0.0.1:1", "--verbose"], code: 6 },
  {
    name: "a network error as JSON",
    args: ["refused", "--base-uri", "http://127.0.0.1:1", "--output", "json"],
    code: 6,
  },
  { name: "a bad input", args: ["get", "--limit", "x", "--verbose"], code: 2 },
  { name: "a request that is not sent", args: ["send", "--name", "ci", "--dry-run"], code: 0 },
  {
    name: "a request that is not sent, as JSON",
    args: ["send", "--name", "ci", "--dry-run", "--output", "json"],
    code: 0,
  },
  { name: "a sandbox", args: ["get", "--mock", "--verbose"], code: 0 },
  { name: "help", args: ["get", "--help"], code: 0 },
] as const;

describe.concurrent.each(Object.keys(AUTHENTICATIONS))("run prints no secret of %s authentication", capability => {
  it.each(CALLS)("in $name", async ({ args, code }) => {
    const result = await runCommand(["run", capability, ...args], { cwd: folder, env: SECRETS });
    expect(result).toMatchObject({ code });
    expectNoSecret(result.stdout);
    expectNoSecret(result.stderr);
  });
});

describe.concurrent("other commands print no secret", () => {
  it.each([
    [["describe", "query"]],
    [["describe", "query", "--output", "json"]],
    [["describe", "basic", "send"]],
    [["describe", "basic", "send", "--output", "json"]],
    [["list"]],
    [["validate", "capabilities"]],
  ])("%s", async args => {
    const { code, stdout, stderr } = await runCommand(args, { cwd: folder, env: SECRETS });
    expect(code).toBe(0);
    expectNoSecret(stdout + stderr);
  });
});

describe.concurrent("a password in a base URI is printed by no command", () => {
  const url = "http://ann:pa55-word@127.0.0.1:1/v1";
  const files = {
    "capabilities/inline.yaml": capabilityText({
      baseUri: url,
      operations: [{ name: "get", method: "GET", path: "/things" }],
    }),
  };
  it.each<{ args: readonly string[]; exit: number }>([
    { args: ["describe", "inline"], exit: 0 },
    { args: ["describe", "inline", "--output", "json"], exit: 0 },
    { args: ["describe", "inline", "get"], exit: 0 },
    { args: ["validate", "capabilities"], exit: 0 },
    { args: ["list"], exit: 0 },
    { args: ["run", "inline", "get"], exit: 2 },
    { args: ["run", "inline", "get", "--help"], exit: 0 },
    { args: ["run", "inline", "get", "--dry-run"], exit: 2 },
    { args: ["run", "inline", "get", "--mock"], exit: 0 },
    { args: ["run", "inline", "get", "--base-uri", url], exit: 2 },
    { args: ["run", "inline", "get", "--base-uri", `any=${url}`, "--output", "json"], exit: 2 },
  ])("$args", async ({ args, exit }) => {
    const { code, stdout, stderr } = await runCommand(args, { cwd: await temporaryFolder(files) });
    expect({ code, shown: (stdout + stderr).includes("pa55-word") }).toEqual({ code: exit, shown: false });
  });
});

describe.concurrent("run --verbose", () => {
  it("shows request and answer on standard error, credentials masked", async () => {
    const { code, stdout, stderr } = await runCommand(["run", "bearer", "get", "--limit", "1", "--verbose"], {
      cwd: folder,
      env: SECRETS,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"ok":true}\n' });
    expect(stderr).toMatch(/^> GET http:\/\/127\.0\.0\.1:\d+\/things\?limit=1\n> accept: application\/json\n/);
    expect(stderr).toContain("> authorization: Bearer ***\n");
    expect(stderr).toMatch(/^< HTTP 200 OK \(11 bytes, connect \d+ ms, first byte \d+ ms, total \d+ ms\)$/m);
    expect(stderr).toContain("< content-type: application/json\n");
    expect(stderr).toContain("< set-cookie: ***\n< set-cookie: ***\n");
    expect(stderr).not.toContain("5e551on");
  });

  it("masks credentials that the caller gives", async () => {
    const args = ["--Authorization", "Bearer c4ller", "--X-Api-Key", "c4ller", "--session", "c4ller"];
    for (const option of ["--verbose", "--dry-run"]) {
      const { code, stdout, stderr } = await runCommand(["run", "bearer", "own", ...args, option], {
        cwd: folder,
        env: SECRETS,
      });
      expect(code).toBe(0);
      expect(stdout + stderr).toMatch(/authorization: Bearer \*\*\*\n/);
      expect(stdout + stderr).toMatch(/x-api-key: \*\*\*\n/);
      expect(stdout + stderr).toMatch(/cookie: \*\*\*\n/);
      expect(stdout + stderr).not.toContain("c4ller");
    }
  });

  it("shows no stack trace of a mistake of its user", async () => {
    const verbose = await runCommand(["run", "bearer", "nope", "--verbose"], { cwd: folder });
    expect(verbose.stderr).not.toMatch(/^\|? +at \S+ \(/m);
    expect(verbose).toMatchObject({ code: 2, stdout: "" });
  });
});
