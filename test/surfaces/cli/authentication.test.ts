import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { markedSecret } from "../../support/marked-secret.ts";
import { authenticatedDocument } from "../../support/open-authenticated.ts";
import { type CommandOptions, runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// Every kind by the built command. `runCommand` fails where anything printed tells a secret.

const authority = createCertificateAuthority();
const client = authority.issue("ann");

const SECRETS = {
  PASSWORD: markedSecret("password"),
  CLIENT_SECRET: markedSecret("client/secret+"),
  REFRESH: markedSecret("refresh"),
  AWS_SECRET: markedSecret("aws"),
  CERTIFICATE: client.cert,
  PRIVATE_KEY: authority.issue("bob").key.replace("-----BEGIN", `${markedSecret("x")}\n-----BEGIN`),
};

let upstream: Upstream;
let options: CommandOptions;

/** An API and an authorization server that tell everything they are told, whatever the status. */
beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const told = { told: request, again: encodeURIComponent(JSON.stringify(request)) };
    const { authorization } = request.headers;
    if (request.url === "/token") {
      answerJson(response, 200, { access_token: markedSecret("token"), token_type: "bearer", told });
    } else if (request.url === "/refusing") {
      answerJson(response, 400, { error: "invalid_client", error_description: JSON.stringify(request) });
    } else if (request.url === "/page") {
      response.writeHead(200, { "content-type": "text/html" }).end(`<html>${JSON.stringify(request)}`);
    } else if (request.url === "/digest/data" && authorization === undefined) {
      response.writeHead(401, { "www-authenticate": 'Digest realm="r", qop="auth", nonce="n"' }).end();
    } else if (request.url === "/strange/data") {
      response.writeHead(401, { "www-authenticate": "Digest nonce=n, algorithm=ROT13" }).end();
    } else if (request.url.startsWith("/refused/")) {
      response.setHeader("x-told", encodeURIComponent(JSON.stringify(request)));
      answerJson(response, 403, told);
    } else {
      answerJson(response, 200, { scheme: authorization?.split(" ")[0] });
    }
  });
  const oauth2 = {
    type: "oauth2",
    clientId: "c",
    clientSecret: "{{CLIENT_SECRET}}",
    tokenEndpoint: `${upstream.url}/token`,
  };
  const digest = { type: "digest", username: "ann", password: "{{PASSWORD}}" };
  const aws = {
    type: "aws-sigv4",
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "{{AWS_SECRET}}",
    region: "r",
    service: "s",
  };
  const mtls = { type: "mtls", certificate: "{{CERTIFICATE}}", privateKey: "{{PRIVATE_KEY}}" };
  const files: Readonly<Record<string, [object, string?]>> = {
    oauth2: [oauth2],
    "oauth2-refused": [oauth2, "/refused"],
    "oauth2-refresh": [{ ...oauth2, refreshToken: "{{REFRESH}}" }, "/refused"],
    "oauth2-refusing": [{ ...oauth2, tokenEndpoint: `${upstream.url}/refusing` }],
    "oauth2-page": [{ ...oauth2, tokenEndpoint: `${upstream.url}/page` }],
    "oauth2-down": [{ ...oauth2, tokenEndpoint: "http://127.0.0.1:1/token" }],
    digest: [digest, "/digest"],
    "digest-strange": [digest, "/strange"],
    aws: [aws],
    "aws-refused": [aws, "/refused"],
    mtls: [mtls],
    basic: [{ type: "basic", username: "ann", password: "{{PASSWORD}}" }, "/refused"],
  };
  const variable = authenticatedDocument({ type: "bearer", token: "x" }, "https://api.test", ["PASSWORD"]);
  const text = JSON.stringify(variable).replace(
    /"authentication":\{[^}]*\}/,
    '"inputParameters":[{"name":"x-key","in":"header","value":"{{PASSWORD}}"}]',
  );
  const folder = await temporaryFolder({
    "capabilities/variable.yaml": text,
    "capabilities/host.yaml": text.replace("https://api.test", "http://{{PASSWORD}}.naftiko.invalid"),
    ...Object.fromEntries(
      Object.entries(files).map(([name, [authentication, path = ""]]) => [
        `capabilities/${name}.yaml`,
        JSON.stringify(authenticatedDocument(authentication, upstream.url + path, Object.keys(SECRETS))),
      ]),
    ),
  });
  options = { cwd: folder, env: { ...SECRETS, XDG_STATE_HOME: folder, NAFTIKO_LOGINS: "file" } };
});

afterAll(() => upstream.close());

const calls = [
  ["oauth2", 0, '{"scheme":"Bearer"}'],
  ["oauth2-refused", 5, "HTTP 403"],
  ["oauth2-refresh", 5, "HTTP 403"],
  ["oauth2-refusing", 4, "invalid_client"],
  ["oauth2-page", 4, "text/html, not JSON"],
  ["oauth2-down", 6, "Cannot get a token"],
  ["digest", 0, '{"scheme":"Digest"}'],
  ["digest-strange", 4, "ROT13"],
  ["aws", 0, '{"scheme":"AWS4-HMAC-SHA256"}'],
  ["aws-refused", 5, "HTTP 403"],
  ["mtls", 4, "does not fit"],
  ["basic", 5, "HTTP 403"],
] as const;

describe.concurrent.each(calls)("run with %s", (capability, code, says) => {
  it.each([[["--verbose"]], [["--output", "json"]]])("and %j", async args => {
    const result = await runCommand(["run", capability, "get", ...args], options);
    expect(result).toMatchObject({ code });
    // In JSON, a status is the number alone.
    expect(result.stdout + result.stderr).toContain(args.includes("json") ? says.replace("HTTP ", "") : says);
  });

  it("and --dry-run, which sends nothing", async () => {
    const result = await runCommand(["run", capability, "get", "--dry-run"], options);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain("GET http://127.0.0.1:");
  });

  it("and --mock, which needs no account", async () => {
    const { code, stderr } = await runCommand(["run", capability, "get", "--mock", "--verbose"], options);
    expect(code).toBe(0);
    const [, sandbox = ""] = /^sandbox: talking to (\S+) in this process/m.exec(stderr) ?? [];
    expect(stderr.match(/^> \w+ http.*$/gm)).toEqual([expect.stringContaining(sandbox) as string]);
  });
});

describe.concurrent("run over plain http", () => {
  const far = ["--base-uri", "http://naftiko.invalid"];

  it("refuses the file's credential", async () => {
    const result = await runCommand(["run", "basic", "get", ...far], options);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("would go over plain http to naftiko.invalid");
  });

  it("sends it where that is allowed", async () => {
    const result = await runCommand(["run", "basic", "get", ...far, "--allow-insecure-auth", "--dry-run"], options);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toContain("GET http://naftiko.invalid/data\n");
    expect(result.stdout).toContain("authorization: Basic ***\n");
  });

  it("warns of a caller's own", async () => {
    const args = ["run", "basic", "put", ...far, "--Authorization", `Bearer ${markedSecret("own")}`];
    const result = await runCommand(args, options);
    expect(result).toMatchObject({ code: 6, stdout: "" });
    expect(result.stderr).toContain("warning: authorization goes over plain http to naftiko.invalid\n");
  });
});

describe.concurrent("run with a variable over plain http", () => {
  const far = ["--base-uri", "http://naftiko.invalid"];

  it.each(["--dry-run", "--dry-run=curl", "--dry-run=har", "--verbose", "--all", "--out=-"])(
    "is refused with %s",
    async option => {
      const result = await runCommand(["run", "variable", "get", ...far, option], options);
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toContain('PASSWORD in header "x-key" would go over plain http to naftiko.invalid');
    },
  );

  it("is refused where the base URI holds it, in every form", async () => {
    const result = await runCommand(["run", "host", "get", "--dry-run=curl"], options);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("would go over plain http to another computer");
  });

  it("is told by validate", async () => {
    const { code, stdout } = await runCommand(["validate", "capabilities/host.yaml"], options);
    expect({ code, says: stdout.includes("(variable-exposed)") }).toEqual({ code: 0, says: true });
  });
});
