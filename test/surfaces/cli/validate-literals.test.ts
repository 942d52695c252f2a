import { expect, it } from "vitest";
import { MARK } from "../../support/marked-secret.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SECRET = `s3cret-${MARK}`;

/** Every line has the credential, and a finding about something else. */
const FILE = `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: ${SECRET}, tokn: 1 }
      inputParameters: [{ name: X-Api-Key, in: header, value: "${SECRET}", typ: string }]
      resources:
        - name: books
          path: /books?api_key=${SECRET}
          operations:
            - { name: find, method: GET, body: { type: json, data: { password: '${SECRET}' }, date: 1 } }
`;

it.each([
  ["a file that runs", FILE, 0, ["--all"]],
  ["a file that runs, for programs", FILE, 0, ["--format", "json"]],
  ["a file that runs, as SARIF", FILE, 0, ["--format", "sarif"]],
  ["a file that cannot run", FILE.replace("/books?", "/{{#books}}?"), 3, []],
  ["a file that does not keep to the schema", FILE.replace("GET,", "FETCH,"), 3, []],
] as const)("shows no credential of %s", async (_, text, code, args) => {
  const cwd = await temporaryFolder({ "shop.yaml": text });
  const { code: found, stdout, stderr } = await runCommand(["validate", "shop.yaml", ...args], { cwd });
  expect(found).toBe(code);
  expect(stdout).toContain("shop.yaml");
  expect(stdout + stderr).not.toContain("s3cret");
  if (code === 0) return;
  const run = await runCommand(["run", "./shop.yaml", "find", "--dry-run"], { cwd });
  expect(run.code).toBe(3);
  expect(run.stdout + run.stderr).not.toContain("s3cret");
});

/** Bodies that hold the credential, and a part that is shown. */
const BODIES = [
  ["a structure", `{ type: json, data: { user: bob, password: "${SECRET}" } }`],
  ["a number", "{ type: json, data: { user: bob, password: 5318008531 } }"],
  ["JSON as text", `'{"user": "bob", "password": "${SECRET}"}'`],
  ["a form", `{ type: formUrlEncoded, data: { user: bob, client_secret: "${SECRET}" } }`],
  ["a form as text", `{ type: formUrlEncoded, data: "user=bob&client_secret=${SECRET}" }`],
  ["XML", `{ type: xml, data: "<a><user>bob</user><password>${SECRET}</password></a>" }`],
  [
    "a form in parts",
    `{ type: multipartForm, data: [{ name: user, value: bob }, { name: token, value: "${SECRET}" }] }`,
  ],
] as const;

it.each(BODIES)("finds a credential in %s, which no dry run shows", async (_, body) => {
  const text = FILE.replace(/method: GET, body: .*/, `method: POST, body: ${body} }`);
  const cwd = await temporaryFolder({ "shop.yaml": text });
  const found = await runCommand(["validate", "shop.yaml"], { cwd });
  expect(found.stdout).toMatch(/shop\.yaml:13:\d+ warning: The credential "(?:password|client_secret|token)" stands/);
  const shown = await Promise.all(
    ["text", "json", "curl", "python"].map(form =>
      runCommand(["run", "./shop.yaml", "find", `--dry-run=${form}`], { cwd }),
    ),
  );
  for (const { code, stdout } of [found, ...shown]) {
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/s3cret|5318008531/);
    expect(stdout).toContain("bob");
  }
});
