import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../../support/capability-text.ts";
import { runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { SECRETS, showCapabilities } from "./show-capability.ts";

const FORMS = ["curl", "har", "httpie", "fetch", "python"] as const;

let folder: string;

beforeAll(async () => {
  const get = { name: "get", method: "GET", path: "/things", inputParameters: [input("X-Odd", "header")] };
  folder = await temporaryFolder({
    ...showCapabilities(),
    "capabilities/host.yaml": capabilityText({
      baseUri: "https://{{HOST_NAME}}.example.test/v1",
      binds: { HOST_NAME: "HOST_NAME" },
      operations: [get],
    }),
    "capabilities/base.yaml": capabilityText({
      baseUri: "{{BASE}}/v1",
      binds: { BASE: "BASE" },
      operations: [get],
    }),
    "capabilities/port.yaml": capabilityText({
      baseUri: "https://api.example.test:{{PORT}}/v1",
      binds: { PORT: "PORT" },
      operations: [get],
    }),
    "capabilities/names.yaml": capabilityText({
      binds: { A: "my-key", B: "my.key", C: "1st", D: "MY_KEY" },
      operations: [
        {
          ...get,
          inputParameters: ["A", "B", "C", "D"].map(name => ({ name, in: "query", value: `{{${name}}}` })),
        },
      ],
    }),
    "laid-over/naftiko.config.yaml": `
capabilities:
  bearer:
    baseUri: https://other.example.test/v2
    headers: { X-Odd: "it's laid over" }
`,
    "vault.yaml": `
naftiko: 1.0.0-alpha2
binds:
  - { namespace: vault, location: "file:///vault.yaml", keys: { KEY: path/to-key } }
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: https://api.example.test
      authentication: { type: bearer, token: "{{KEY}}" }
      resources: [{ name: r, path: /things, operations: [{ name: get, method: GET }] }]
`,
  });
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runMain(["run", ...args], { cwd: folder, env });

describe("--dry-run", () => {
  it.each([
    {
      args: ["bearer", "get", "--q", "it's", "--dry-run=curl"],
      stdout: `curl -q 'https://api.example.test/v1/things?q=it'\\''s' \\
  -H 'accept: application/json' \\
  -H 'user-agent: naftiko/0.1.0' \\
  -H "authorization: Bearer $API_TOKEN"
`,
    },
    {
      args: ["basic", "change", "--name", "x", "--dry-run=curl"],
      stdout: `curl -q -X PATCH https://api.example.test/v1/things \\
  -H 'accept: application/json' \\
  -H 'user-agent: naftiko/0.1.0' \\
  -H 'content-type: application/json' \\
  -u "änn:$API_PASSWORD" \\
  --data-raw '{"name":"x"}'
`,
    },
    {
      args: ["basic", "change", "--name", "x", "--dry-run=httpie"],
      stdout: `http --ignore-stdin PATCH https://api.example.test/v1/things \\
  accept:application/json \\
  user-agent:naftiko/0.1.0 \\
  content-type:application/json \\
  --auth="änn:$API_PASSWORD" \\
  --raw='{"name":"x"}'
`,
    },
    {
      args: ["basic", "check", "--dry-run=fetch"],
      stdout: `const response = await fetch("https://api.example.test/v1/things", {
  method: "HEAD",
  headers: {
    accept: "application/json",
    "user-agent": "naftiko/0.1.0",
    authorization: "Basic " + Buffer.from("änn:" + process.env.API_PASSWORD).toString("base64"),
  },
  redirect: "manual",
});
console.log(response.status, await response.text());
`,
    },
    {
      args: ["query", "check", "--dry-run=python"],
      stdout: `import http.client, os, urllib.parse

connection = http.client.HTTPSConnection("api.example.test")
connection.putrequest("HEAD", "/v1/things?api_key=" + urllib.parse.quote(os.environ["API_KEY"], safe="!'()*"), skip_accept_encoding=True)
connection.putheader("accept", "application/json")
connection.putheader("user-agent", "naftiko/0.1.0")
connection.endheaders()
response = connection.getresponse()
print(response.status, response.read().decode(errors="replace"))
`,
    },
    {
      args: ["host", "get", "--dry-run=curl"],
      stdout: `curl -q "https://$HOST_NAME.example.test/v1/things" \\
  -H 'accept: application/json' \\
  -H 'user-agent: naftiko/0.1.0'
`,
    },
    {
      args: ["base", "get", "--X-Odd", "=a", "--dry-run=httpie"],
      stdout: `http --ignore-stdin GET "$BASE/v1/things" \\
  accept:application/json \\
  user-agent:naftiko/0.1.0 \\
  'x-odd:\\=a'
`,
    },
  ])("$args.0 $args.1 prints $args", async ({ args, stdout }) => {
    expect(await run(args)).toMatchObject({ code: 0, stdout });
  });

  it("writes an HTTP archive", async () => {
    const args = ["basic", "places", "--session", "s3ssion", "--dry-run=har"];
    const { stdout } = await run(args);
    const { log } = JSON.parse(stdout) as { log: { version: string; entries: Record<string, unknown>[] } };
    expect(log).toMatchObject({ version: "1.2", creator: { name: "naftiko" } });
    expect(log.entries).toHaveLength(1);
    expect(log.entries[0]).toMatchObject({ response: { status: 0 }, cache: {}, timings: { send: 0 } });
    expect(Date.parse(String(log.entries[0]?.["startedDateTime"]))).not.toBeNaN();
    expect(log.entries[0]?.["request"]).toEqual({
      method: "PUT",
      url: "https://api.example.test/v1/things/$API_KEY?key=x%20$API_KEY",
      httpVersion: "HTTP/1.1",
      cookies: [
        { name: "key", value: "$API_PASSWORD" },
        { name: "session", value: "***" },
      ],
      headers: [
        { name: "accept", value: "application/json" },
        { name: "user-agent", value: "naftiko/0.1.0" },
        { name: "x-key", value: "key=$API_TOKENx" },
        { name: "cookie", value: "key=$API_PASSWORD; session=***" },
        { name: "authorization", value: "Basic base64(änn:$API_PASSWORD)" },
      ],
      queryString: [{ name: "key", value: "x $API_KEY" }],
      headersSize: -1,
      bodySize: 0,
    });
  });

  it("gives text and JSON as it does without a form", async () => {
    const call = ["bearer", "change", "--name", "x"];
    const plain = await run([...call, "--dry-run"], SECRETS);
    expect(plain.stdout).toContain("authorization: Bearer ***\n");
    expect(await run([...call, "--dry-run=text"], SECRETS)).toEqual(plain);
    const json = await run([...call, "--dry-run", "--output", "json"], SECRETS);
    expect(await run([...call, "--dry-run=json"], SECRETS)).toEqual(json);
    expect(await run([...call, "--dry-run=true"], SECRETS)).toEqual(plain);
  });

  it("takes no operand for its form", async () => {
    expect(await run(["bearer", "--dry-run", "get"], SECRETS)).toMatchObject({ code: 0 });
  });

  it("names variables that a shell can, and says what they are", async () => {
    const { stdout, stderr } = await run(["names", "get", "--dry-run=curl"], { "my-key": "x" });
    expect(stdout).toContain(
      'A=$(percent_encode "$MY_KEY")&B=$(percent_encode "$MY_KEY_2")&C=$(percent_encode "$_1ST")&D=$(percent_encode "$MY_KEY_3")',
    );
    expect(stderr).toBe(
      [
        'note: MY_KEY stands for the variable "my-key"',
        'note: MY_KEY_2 stands for the variable "my.key"',
        'note: _1ST stands for the variable "1st"',
        'note: MY_KEY_3 stands for the variable "MY_KEY"',
        "",
      ].join("\n"),
    );
  });

  it("says which variables must be set, and asks no other source than the environment", async () => {
    const unset = await run(["bearer", "get", "--dry-run=curl"]);
    expect(unset).toMatchObject({ code: 0, stderr: "note: API_TOKEN must be set where this is run\n" });
    const set = await run(["bearer", "get", "--dry-run=curl"], SECRETS);
    expect(set).toEqual({ ...unset, stderr: "" });
    const vault = await run([`${folder}/vault.yaml`, "get", "--dry-run=fetch"]);
    expect(vault.stdout).toContain('"Bearer " + process.env.PATH_TO_KEY');
    expect(vault.stderr).toBe('note: set PATH_TO_KEY to the value of "path/to-key" at file:///vault.yaml\n');
  });
});

describe("--dry-run with overlays", () => {
  it("shows the call as it is made with them, and where they are set", async () => {
    const config = `${folder}/laid-over/naftiko.config.yaml`;
    const { code, stdout, stderr } = await run(["bearer", "get", "--config", config, "--dry-run=curl"], SECRETS);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("curl -q https://other.example.test/v2/things \\\n");
    expect(stdout).toContain("  -H 'x-odd: it'\\''s laid over'");
    expect(stdout).toContain('"authorization: Bearer $API_TOKEN"');
    expect(stderr).toBe(`overlay: baseUri is set at ${config}:4:14\noverlay: headers.X-Odd is set at ${config}:5:23\n`);
  });
});

describe("--dry-run prints no secret", () => {
  it.each(
    FORMS.flatMap(form =>
      [
        ["bearer", "get"],
        ["basic", "places"],
        ["query", "json", "--given", "g"],
        ["header", "form"],
        ["literal", "get"],
        ["literal-query", "get"],
        ["none", "get", "--X-Odd", SECRETS["API_TOKEN"] ?? ""],
        ["none", "get", "--Authorization", "Bearer l1teral-secret", "--session", "l1teral-secret"],
        ["none", "get", "--X-Api-Key", "l1teral-secret", "--X-Odd", "l1teral-secret"],
      ].map(args => ({ args, form })),
    ),
  )("$form: $args", async ({ args, form }) => {
    const { code, stdout, stderr } = await run([...args, `--dry-run=${form}`], SECRETS);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\*\*\*|API_/);
    expect(stderr.includes("note: *** stands for a secret that is not a variable's")).toBe(stdout.includes("***"));
    const { HOST_NAME: _, ...secrets } = SECRETS;
    for (const value of ["l1teral-secret", ...Object.values(secrets)]) {
      for (const hidden of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
        expect(stdout + stderr).not.toContain(hidden);
    }
  });
});

describe("--show-secrets", () => {
  it.each(["text", "json", ...FORMS])("prints them with --dry-run=%s", async form => {
    const { code, stdout, stderr } = await run(["literal", "places", `--dry-run=${form}`, "--show-secrets"], {
      ...SECRETS,
      API_TOKEN: "t0ken",
      API_PASSWORD: "p4ss",
      API_KEY: "k3y",
    });
    expect(code, stderr).toBe(0);
    for (const value of ["Bearer l1teral-secret", "things/k3y", "key=t0kenx", "key=p4ss"])
      expect(stdout).toContain(value);
    expect(stderr).toBe("warning: secrets are printed as they are\n");
  });

  it("needs the variables", async () => {
    const result = await run(["bearer", "get", "--dry-run=curl", "--show-secrets"]);
    expect(result).toMatchObject({ code: 4, stdout: "" });
  });
});

describe("--dry-run refuses", () => {
  it.each([
    {
      args: ["none", "get", "--dry-run=crl"],
      message:
        'Option --dry-run cannot be "crl"; did you mean "curl"? It is one of text, json, curl, har, httpie, fetch, python',
    },
    { args: ["none", "get", "--dry-run="], message: 'found ""' },
    { args: ["none", "get", "--dry-run=curl", "--mock"], message: "leave --mock out" },
    { args: ["none", "get", "--show-secrets"], message: "add --dry-run" },
    { args: ["none", "check-body", "--body", "{}", "--dry-run=fetch"], message: "sends no body with HEAD" },
    { args: ["none", "get", "--X-Odd", "a\\=é", "--dry-run=httpie"], message: "use --dry-run=curl" },
    { args: ["base", "get", "--dry-run=python"], message: "the variable holds the scheme" },
    { args: ["port", "get", "--dry-run=curl"], message: "no reference can stand where the base URI" },
  ])("$args", async ({ args, message }) => {
    const result = await run(args);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
  });
});
