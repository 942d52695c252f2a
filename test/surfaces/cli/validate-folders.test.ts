import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const GOOD = capabilityText({ operations: [{ name: "get", method: "GET", path: "/" }] });

const RECORDING = `# Calls recorded by naftiko. *** stands for secrets.
interactions:
  - request: { method: GET, url: "https://api.test/" }
    response: { status: 200, body: { json: [1] } }
`;

async function validateFolder(files: Readonly<Record<string, string>>, ...args: string[]) {
  const folder = await temporaryFolder(files);
  return { folder, ...(await runCommand(["validate", ...(args.length === 0 ? ["."] : args)], { cwd: folder })) };
}

/** Files that are not ours, by what they are. */
const FOREIGN: readonly (readonly [title: string, text: string])[] = [
  ["an OpenAPI description", "openapi: 3.1.0\ninfo: { title: Shop }\npaths: {}\n"],
  ["an OpenAPI description", '{ "info": { "naftiko": 1 }, "openapi": "3.1.0" }'],
  ["an OpenAPI description", `${"\n".repeat(2_000)}openapi: 3.1.0\n`],
  ["an OpenAPI description", `${" \t\r\n# \n".repeat(500)}---\n\n  { "openapi": "3.1.0" }`],
  ["a Swagger description", `${"---\n\n #\n".repeat(1_000)}swagger: '2.0'\n`],
  ["a Swagger description", "swagger: '2.0'\npaths: {}\n"],
  ["an Arazzo workflow", "# flows\narazzo: 1.0.1\nworkflows: []\n"],
  ["an AsyncAPI description", '"asyncapi": 3.0.0\n'],
  ["a workflow of GitHub Actions", "name: CI\non: push\njobs:\n  test:\n    runs-on: ubuntu\n"],
  ["a Docker Compose file", "services:\n  db: { image: postgres }\n"],
  ["a Kubernetes resource", "---\napiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: Pod\n"],
];

describe.concurrent("validate of a folder", () => {
  it("checks each file as what it is, and counts those of others", async () => {
    const { code, stdout, stderr } = await validateFolder({
      "shop.yaml": GOOD,
      "naftiko.config.yaml": "capabilities: { shop: { retries: 1 } }\n",
      "staging.config.yml": "profiles: { staging: {} }\n",
      "calls.yaml": RECORDING,
      ...Object.fromEntries(FOREIGN.map(([, text], index) => [`others/${index}.yaml`, text])),
      "others/list.yaml": "- 1\n- 2\n",
      "others/any.yaml": "a: 1\n",
      "others/broken.yaml": "a: [\n",
      "others/template.yaml": "{{- if .Values.on }}\nkind: x\n",
      "others/empty.yaml": "# nothing\n",
      "node_modules/shop/shop.yaml": "naftiko: [\n",
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `4 files, 0 errors, ${FOREIGN.length + 5} files of others skipped\n`,
      stderr: "",
    });
  });

  it.each([
    ["a root key that is misspelt", "nafitko: 1.0.0-alpha3\ncapability: { consumes: [] }\n"],
    ["a section alone", "consumes: []\n"],
    ["an error in it", "naftiko: [\n"],
    ["keys of others too", `services: {}\n${GOOD.replace("capability:", "capabilty:")}`],
    ["a text that is not UTF-8", `${GOOD}# \u00e9`],
  ])("does not skip a file of ours with %s", async (what, text) => {
    const folder = await temporaryFolder({ "a.yaml": text });
    if (what.includes("UTF-8")) {
      const { writeFile } = await import("node:fs/promises");
      await writeFile(path.join(folder, "a.yaml"), Buffer.from(text, "latin1"));
    }
    const { code, stdout } = await runCommand(["validate", "."], { cwd: folder });
    expect(code).toBe(3);
    expect(stdout).toMatch(/\n1 file, \d+ errors?/);
  });

  it("shows what is wrong in a configuration, beside the findings of other files", async () => {
    const { code, stdout, stderr, folder } = await validateFolder({
      "shop.yaml": GOOD.replace("GET", "FETCH"),
      "naftiko.config.yaml":
        "capabilities:\n  shop: { retrys: 1, timeoutMs: soon }\nvalidate: { ignore: [name-patern] }\n",
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    const file = path.join(folder, "naftiko.config.yaml");
    expect(stdout).toContain(`${file}:2:11 error: capabilities.shop: Unknown key "retrys"; did you mean "retries"`);
    expect(stdout).toContain(`${file}:2:`);
    expect(stdout).toContain("timeoutMs");
    expect(stdout).toContain("FETCH");
    expect(stdout).toMatch(/\n2 files, 3 errors\n$/);
  });

  it("finds rules in a configuration that are none", async () => {
    const { code, stdout } = await validateFolder({ "naftiko.config.yaml": "validate: { ignore: [name-patern] }\n" });
    expect(code).toBe(3);
    expect(stdout).toContain('error: there is no rule "name-patern"; did you mean "name-pattern"? (configuration)');
  });

  it("shows no credential of a configuration", async () => {
    const { stdout } = await validateFolder({
      "naftiko.config.yaml": "capabilities:\n  shop: { authentication: { type: bearer, token: s3cr3t-123 }, x: 1 }\n",
    });
    expect(stdout).toContain('Unknown key "x"');
    expect(stdout).not.toContain("s3cr3t");
  });

  it("finds a recording that cannot be replayed", async () => {
    const { code, stdout } = await validateFolder({ "calls.yaml": RECORDING.replace("status: 200", "status: ok") });
    expect(code).toBe(3);
    expect(stdout).toMatch(/calls\.yaml:1:1 error: .*interactions\[0\]\.response\.status.* \(recording\)\n/);
  });

  it("waits for no pipe", async () => {
    const folder = await temporaryFolder({ "a.yaml": GOOD });
    if (spawnSync("mkfifo", [path.join(folder, "pipe.yaml")]).status !== 0) return;
    const { code, stdout } = await runCommand(["validate", "."], { cwd: folder });
    expect(code).toBe(3);
    expect(stdout).toContain("it is not a file");
  });
});

describe.concurrent("validate of a file by name", () => {
  it.each(FOREIGN)("says that it is %s", async (title, text) => {
    const { code, stdout } = await validateFolder({ "a.yaml": text }, "a.yaml");
    expect(code).toBe(3);
    expect(stdout).toContain(`a.yaml:1:1 error: This is ${title}, and not a capability (document)\n`);
  });

  it.each([
    ["naftiko.config.yaml", "capabilities: {}\n"],
    ["other.yaml", "# for tests\nprofiles: { staging: { capabilities: {} } }\n"],
    ["calls.yaml", RECORDING],
    ["calls.yaml", "interactions: []\n"],
  ])("takes %s for what it is", async (name, text) => {
    const { code, stdout } = await validateFolder({ [name]: text }, name);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1 file, 0 errors\n" });
  });
});

describe.concurrent("a configuration", () => {
  const EMPTY = `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: ""
      authentication: { type: apikey, value: "{{KEY}}" }
      resources: [{ name: all, path: /, operations: [{ name: get, method: GET }] }]
binds: [{ namespace: env, keys: { KEY: KEY } }]
`;

  it.each([
    ["nothing", "capabilities: {}", ["base-uri", "authentication-usable"]],
    ["a base URI", 'capabilities: { "sh*": { baseUri: "https://shop.test" } }', ["authentication-usable"]],
    [
      "a base URI by namespace",
      "capabilities: { shop: { baseUri: { shop: https://shop.test } } }",
      ["authentication-usable"],
    ],
    ["a credential", "capabilities: { shop: { authentication: { type: bearer, token: '{{KEY}}' } } }", ["base-uri"]],
    ["no credential", "capabilities: { shop: { authentication: none } }", ["base-uri"]],
    [
      "a base URI of another",
      "capabilities: { books: { baseUri: https://b.test } }",
      ["base-uri", "authentication-usable"],
    ],
  ])("that gives %s leaves these findings", async (_, config, rules) => {
    const { stdout } = await validateFolder(
      { "shop.yaml": EMPTY, "naftiko.config.yaml": config },
      "shop.yaml",
      "--format=json",
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { rule: string; severity: string }[] };
    const warnings = diagnostics.filter(({ severity }) => severity === "warning").map(({ rule }) => rule);
    expect(warnings.sort()).toEqual([...rules].sort());
  });
});
