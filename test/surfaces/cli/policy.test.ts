import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// What the policy of options and configurations does to calls of the command.

let upstream: Upstream;
let cwd: string;

const FILE = `naftiko: 1.0.0-alpha3
aggregates:
  - namespace: desk
    label: Desk
    functions:
      - { name: see-user, call: shop.getUser, with: { id: "7" } }
      - name: move-user
        inputParameters: [{ name: id, type: string, required: true }]
        steps:
          - { name: old, type: call, call: shop.getUser, with: { id: "{{id}}" } }
          - { name: new, type: call, call: shop.addUser, with: { name: "{{id}}" } }
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: BASE
      resources:
        - name: users
          path: /users
          operations:
            - name: listUsers
              method: GET
              inputParameters: [{ name: page, in: query, type: integer }]
            - name: addUser
              method: POST
              inputParameters: [{ name: name, in: body }, { name: password, in: body }]
        - name: user
          path: /users/{id}
          operations:
            - { name: getUser, method: GET }
            - { name: deleteUser, method: DELETE }
`;

const CONFIG = "# what is allowed\npolicy:\n  deny: [nothing, 'DELETE *']\n";
const PROFILES = "policy: { readOnly: true }\nprofiles:\n  open:\n    policy: { readOnly: false, allow: ['*'] }\n";

beforeAll(async () => {
  upstream = await startUpstream();
  cwd = await temporaryFolder({
    "shop.yaml": FILE.replace("BASE", upstream.url),
    "deny.yaml": CONFIG,
    "profiles.yaml": PROFILES,
    "found/naftiko.config.yaml": CONFIG,
    "found/shop.yaml": FILE.replace("BASE", upstream.url),
    "home/naftiko/naftiko.config.yaml": "policy: { confirm: destructive, deny: [addUser] }\n",
    "broken.yaml": "policy: { confirm: reads, denny: [] }\n",
  });
});
afterAll(() => upstream.close());
beforeEach(() => {
  upstream.requests.length = 0;
});

const run = (line: string, options: { folder?: string; env?: Record<string, string> } = {}) =>
  runCommand(["run", "./shop.yaml", ...line.split(" ")], { ...options, cwd: `${cwd}${options.folder ?? ""}` });

describe("run is refused", () => {
  it.each<{ line: string; folder?: string; env?: Record<string, string>; says: string[] }>([
    { line: "deleteUser --id 7 --deny deleteUser", says: ['the policy of the options denies "deleteUser"'] },
    { line: "deleteUser --id 7 --read-only", says: ["the policy of the options is read-only, and this sends DELETE"] },
    { line: "desk.move-user --id 7 --read-only", says: ['Cannot call "move-user"', "this sends POST"] },
    { line: "getUser --id 7 --allow list* --allow shop/POST*", says: ['allows only "list*", "shop/POST*"'] },
    { line: "getUser --id 7 --toolset people", says: ['offers only what has the tag "people"'] },
    { line: "deleteUser --id 7 --mock --read-only", says: ["is read-only"] },
    { line: "deleteUser --id 7 --all --deny deleteUser", says: ['denies "deleteUser"'] },
    { line: "deleteUser --id 7 --until $.x --deny deleteUser", says: ['denies "deleteUser"'] },
    { line: "desk.see-user --deny see-user", says: ['denies "see-user"'] },
    { line: "desk.see-user --output raw --deny see-user", says: ['Cannot call "see-user"', 'denies "see-user"'] },
    { line: "deleteUser --id 7 --output raw --deny deleteUser", says: ['denies "deleteUser"'] },
    {
      line: "deleteUser --id 7 --config deny.yaml",
      says: ['the policy of deny.yaml denies "DELETE *"', "deny.yaml:3:19", "'DELETE *'"],
    },
    { line: "deleteUser --id 7 --config deny.yaml --allow *", says: ["the policy of deny.yaml denies"] },
    { line: "deleteUser --id 7", folder: "/found", says: ["the policy of naftiko.config.yaml denies"] },
    {
      line: "addUser --name ada --config profiles.yaml --profile open",
      says: ["the policy of profiles.yaml is read-only"],
    },
    {
      line: "addUser --name ada",
      folder: "/found",
      env: { XDG_CONFIG_HOME: "HOME" },
      says: ['the policy of naftiko.config.yaml denies "addUser"'],
    },
    {
      line: "addUser --name ada --config ../deny.yaml",
      folder: "/found",
      env: { XDG_CONFIG_HOME: "HOME" },
      says: ['the policy of naftiko.config.yaml denies "addUser"'],
    },
  ])("$line", async ({ says, env = {}, ...rest }) => {
    const home = Object.fromEntries(Object.keys(env).map(name => [name, `${cwd}/home`]));
    const { code, stdout, stderr } = await run(rest.line, { ...rest, env: home });
    for (const text of says) expect(stderr).toContain(text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(upstream.requests).toEqual([]);
  });
});

it("tells programs the rule as data", async () => {
  const { stderr } = await run("deleteUser --id 7 --deny deleteUser --output json");
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: "OPERATION_REFUSED", details: { operation: "deleteUser", rule: 'deny "deleteUser"' } },
  });
});

it.each([
  {
    line: "getUser --id 7 --dry-run --deny getUser",
    note: 'note: the call would be refused: the policy of the options denies "getUser"',
  },
  {
    line: "addUser --dry-run=curl --confirm writes",
    note: "note: a person would be asked first, as the policy of the options wants it",
  },
  {
    line: "getUser --id 7 --deny getUsr",
    note: 'warning: deny "getUsr" names nothing that is here; did you mean "getUser"?',
  },
  {
    line: "getUser --id 7 --deny shop",
    note: 'warning: deny "shop" names nothing that is here; did you mean "shop/*"',
  },
  { line: "getUser --id 7 --allow getUser --allow ./GET*", note: 'warning: allow "./GET*" names nothing' },
])("says of $line what the policy means", async ({ line, note }) => {
  const { code, stderr } = await run(line);
  expect(stderr).toContain(note);
  expect(code).toBe(0);
});

it.each([
  { operation: "deleteUser", policy: 'the call would be refused: the policy of deny.yaml denies "DELETE *"' },
  { operation: "getUser", policy: undefined },
])("describes what the policy says of $operation", async ({ operation, policy }) => {
  const args = ["describe", "./shop.yaml", operation, "--config", "deny.yaml"];
  const { stdout } = await runCommand(args, { cwd });
  expect(stdout.includes(`Policy: ${policy}`)).toBe(policy !== undefined);
  const { stdout: json } = await runCommand([...args, "--output", "json"], { cwd });
  expect(JSON.parse(json)["policy"]).toBe(policy);
});

it("refuses a policy that is malformed", async () => {
  const { code, stderr } = await run("getUser --id 7 --config broken.yaml");
  expect(code).toBe(3);
  expect(stderr).toContain('did you mean "deny"');
  expect(stderr).toContain("confirm");
});

describe("a call that a person has to confirm", () => {
  it.each([
    "addUser --name ada --confirm writes",
    "deleteUser --id 7 --confirm destructive",
    "desk.move-user --id 7 --confirm writes",
  ])("is not made in a pipe: %s", async line => {
    const { code, stderr } = await run(line);
    expect(stderr).toContain("confirmed by a person, and nobody can be asked here");
    expect({ code, requests: upstream.requests }).toEqual({ code: 2, requests: [] });
  });

  it.each([
    "getUser --id 7 --confirm writes",
    "addUser --name ada --confirm destructive",
    "desk.see-user --allow see-user",
    "desk.see-user --allow see-user --output raw",
  ])("is another one: %s", async line => {
    expect((await run(line)).code).toBe(0);
  });

  it.each([
    { answer: "y", code: 0, sent: ["GET /users/7", "POST /users"] },
    { answer: "n", code: 2, sent: [] },
    { answer: "\r", code: 2, sent: [] },
    { answer: "\u0003", code: 130, sent: [] },
  ])("is asked about once on a terminal, and $answer ends with $code", async ({ answer, code, sent }) => {
    const args = ["run", "./shop.yaml", "desk.move-user", "--id", "7", "--confirm", "writes"];
    const { child, waitFor, finished } = await startCommand(args, { cwd, inTerminal: true, stdin: null });
    const [question] = await waitFor(/Call "move-user"[\s\S]*?"7"/);
    expect(question.replace(/\s+/g, " ")).toContain(`It sends POST ${upstream.url}/users, with id: "7"`);
    child.stdin.write(answer);
    const ended = await finished;
    expect(ended.code).toBe(code);
    expect(upstream.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(sent);
  });

  it.each([
    { way: ["addUser", "--name", "ada", "--until", "$"], sent: ["POST /users"] },
    { way: ["addUser", "--name", "ada", "--all"], sent: ["POST /users"] },
    { way: ["addUser", "--name", "ada", "--output", "raw"], sent: ["POST /users"] },
    { way: ["desk.move-user", "--id", "7", "--until", "$"], sent: ["GET /users/7", "POST /users"] },
  ])("is asked about on a terminal, however the answer is wanted: $way", async ({ way, sent }) => {
    const args = ["run", "./shop.yaml", ...way, "--confirm", "writes"];
    const { child, waitFor, finished } = await startCommand(args, { cwd, inTerminal: true, stdin: null });
    await waitFor(/Call "/);
    child.stdin.write("y");
    await finished;
    expect(upstream.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(sent);
  });

  it.each(["deleteUser", "desk.move-user"])("is not asked for the inputs of %s, which is refused", async name => {
    const args = ["run", "./shop.yaml", name, "--deny", "*"];
    const { finished } = await startCommand(args, { cwd, inTerminal: true, stdin: null });
    const { code, stdout } = await finished;
    expect(stdout).toContain('denies "*"');
    expect(code).toBe(2);
  });

  it("shows no secret, and is not asked where standard input is an input", async () => {
    const args = [
      "run",
      "./shop.yaml",
      "addUser",
      "--name",
      "ada\u001b[2J",
      "--password",
      "quiet-words",
      "--confirm",
      "writes",
    ];
    const { child, waitFor, finished } = await startCommand(args, { cwd, inTerminal: true, stdin: null });
    const [question] = await waitFor(/Call "addUser"[\s\S]*?\*\*\*/);
    expect(question).not.toContain("quiet-words");
    expect(question).toContain("\\u001b");
    child.stdin.write("n");
    await finished;
    const given = await startCommand(["run", "./shop.yaml", "addUser", "--inputs", "-", "--confirm", "writes"], {
      cwd,
      inTerminal: true,
      stdin: '{"name":"ada"}\n\u0004',
    });
    expect((await given.finished).stdout).toContain("nobody can be asked here");
  });
});
