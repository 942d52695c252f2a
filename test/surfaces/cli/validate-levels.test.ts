import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Log as SarifLog } from "sarif";
import { describe, expect, it } from "vitest";
import { ruleCatalogue } from "../../../src/language/validation/rule-catalogue.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CLEAN = `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: t }
      resources:
        - name: books
          path: /books
          operations:
            - { name: find, method: GET, inputParameters: [{ name: q, in: query }] }
`;

/** Keeps to the published schema, and will not work as meant. */
const DOUBTFUL = CLEAN.replace("in: query", "in: path");

const DEPARTING = CLEAN.replace(
  "[{ name: q, in: query }]",
  "[{ name: q, in: query, type: string }, { name: r, in: query, type: string }]",
).replace("      resources:", "      inputParameters: [{ name: v, in: header, value: 7 }] # v7\n      resources:");

const NEWER = `ikanos: 1.0.0-beta5
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: t }
      resources:
        books: { path: /books, operations: { find: { method: GET } } }
`;

const NEWER_DEPARTING = NEWER.replace("path: /books", "path: /books, name: books");

async function validateFile(text: string, ...args: string[]) {
  const folder = await temporaryFolder({ "shop.yaml": text });
  return {
    file: path.join(folder, "shop.yaml"),
    ...(await runCommand(["validate", "shop.yaml", ...args], { cwd: folder })),
  };
}

describe.concurrent("validate --strict", () => {
  it.each([
    ["keeps to the specification", CLEAN, 0],
    ["keeps to the newer specification", NEWER, 0],
    ["keeps to it, though calls will fail", DOUBTFUL, 3],
    ["departs from it", DEPARTING, 3],
    ["departs from the newer one", NEWER_DEPARTING, 3],
    ["is of the other generation", CLEAN.replace("naftiko: 1.0.0-alpha3", "ikanos: 1.0.0-beta5"), 3],
    ["has a version of the other generation", CLEAN.replace("alpha3", "beta5"), 3],
    ["has a version that is a number", CLEAN.replace("1.0.0-alpha3", "0.5"), 3],
    ["cannot run", CLEAN.replace("GET", "FETCH"), 3],
    ["is no YAML", "naftiko: [", 3],
    ["holds two documents", `${CLEAN}---\n${CLEAN}`, 3],
    ["has a key twice", `${CLEAN}naftiko: 1.0.0-alpha3\n`, 3],
    ["is empty", "", 3],
    ["ends its lines with CR LF", CLEAN.replaceAll("\n", "\r\n"), 0],
    ["departs, and ends its lines with CR LF", DEPARTING.replaceAll("\n", "\r\n"), 3],
  ] as const)("of a file that %s", async (_, text, code) => {
    expect(await validateFile(text, "--strict")).toMatchObject({ code, stderr: "" });
  });

  it("changes the exit code alone", async () => {
    const lenient = await validateFile(DEPARTING);
    const strict = await validateFile(DEPARTING, "--strict");
    expect(lenient.code).toBe(0);
    expect(strict.stdout.replaceAll(strict.file, "x")).toBe(lenient.stdout.replaceAll(lenient.file, "x"));
  });

  it("shows with --quiet what fails", async () => {
    const { stdout } = await validateFile(DEPARTING, "--strict", "--quiet");
    expect(stdout).toMatch(/ departure: .*\(value-type\)\n(?:.*\n)*1 file, 0 errors, 3 departures\n$/);
    expect((await validateFile(DEPARTING, "--fail-on", "warning", "--quiet")).stdout).toBe("1 file, 0 errors\n");
  });
});

/** Something else is sent than what is written. */
const IGNORING = CLEAN.replace("in: query }", "in: query, require: true }");

describe.concurrent("validate --fail-on", () => {
  const FILES = {
    clean: CLEAN,
    departing: DEPARTING,
    ignoring: IGNORING,
    doubtful: DOUBTFUL,
    broken: CLEAN.replace("GET", "FETCH"),
  };

  it.each([
    ["clean", [], 0],
    ["departing", [], 0],
    ["departing", ["--fail-on", "error"], 0],
    ["departing", ["--fail-on", "warning"], 0],
    ["departing", ["--fail-on", "departure"], 3],
    ["departing", ["--fail-on=error", "--strict"], 3],
    ["ignoring", [], 0],
    ["ignoring", ["--fail-on=warning"], 3],
    ["ignoring", ["--fail-on=departure"], 3],
    ["doubtful", [], 0],
    ["doubtful", ["--fail-on", "warning"], 3],
    ["broken", ["--fail-on=error"], 3],
    ["broken", ["--fail-on=departure"], 3],
  ] as const)("of a %s file, with %j", async (name, args, code) => {
    expect(await validateFile(FILES[name], ...args)).toMatchObject({ code, stderr: "" });
  });

  it("takes the three kinds, and no other", async () => {
    const { code, stdout, stderr } = await validateFile(CLEAN, "--fail-on", "note");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('Option --fail-on is one of error, warning, departure, found "note"');
  });
});

describe.concurrent("validate --max-warnings", () => {
  const TWICE = IGNORING.replace("require: true", "require: true, requird: true");

  it.each([
    ["2", 0, ""],
    ["1", 3, "Too many warnings: 2 found, 1 allowed by --max-warnings\n"],
    ["0", 3, "Too many warnings: 2 found, 0 allowed by --max-warnings\n"],
  ])("%s", async (most, code, stderr) => {
    expect(await validateFile(TWICE, "--max-warnings", most)).toMatchObject({ code, stderr });
    expect(await validateFile(TWICE, "--max-warnings", most, "--quiet")).toMatchObject({ code, stderr });
  });

  it("does not count departures", async () => {
    expect(await validateFile(DEPARTING, "--max-warnings=0")).toMatchObject({ code: 0, stderr: "" });
  });

  it.each(["-1", "many", "1.5", ""])("is not %j", async most => {
    const { code, stderr } = await validateFile(CLEAN, `--max-warnings=${most}`);
    expect(code).toBe(2);
    expect(stderr).toContain("--max-warnings");
  });
});

describe.concurrent("validate", () => {
  it("shows departures of one kind once, with their places, and what the rules are about", async () => {
    const { code, stdout, file } = await validateFile(DEPARTING);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${file}:8:55 departure: inputParameters[0].value: Expected string, found number 7 (value-type)
  8 |       inputParameters: [{ name: v, in: header, value: 7 }] # v7
    |                                                       ^
${file}:13:82 departure: inputParameters[0]: The published specification has no "type" in a consumed input; it has name, in, value (unknown-key)
  13 |             - { name: find, method: GET, inputParameters: [{ name: q, in: query, type: string }, { name: r, in: query, type: string }] }
     |                                                                                  ^
  … and 1 more like it (--all shows them)

unknown-key: ${ruleCatalogue.get("unknown-key")?.explanation} ${ruleCatalogue.get("unknown-key")?.fix} --fix mends some of it.
value-type: ${ruleCatalogue.get("value-type")?.explanation} ${ruleCatalogue.get("value-type")?.fix} --fix mends some of it.

1 file, 0 errors, 3 departures
`,
    );
  });

  it("shows every departure with --all", async () => {
    const { stdout } = await validateFile(DEPARTING, "--all");
    expect(stdout.match(/\(unknown-key\)/g)).toHaveLength(2);
    expect(stdout).not.toContain("more like it");
  });

  it("tells names apart from kinds where maps have them", async () => {
    const { stdout } = await validateFile(
      NEWER.replace("{ method: GET }", "{ method: GET, a: 1 }, list: { method: GET, a: 1, b: 2 }"),
    );
    expect(stdout.match(/\(unknown-key\)\n/g)).toHaveLength(2);
    expect(stdout.match(/ … and 1 more like it/g)).toHaveLength(1);
  });

  it("says once what keeps a file from running", async () => {
    const { stdout } = await validateFile(CLEAN.replace("GET", "FETCH").replace("  name: find,", ""));
    expect(stdout.match(/FETCH"/g)).toHaveLength(1);
    expect(stdout).toMatch(/\n1 file, 1 error\n$/);
  });

  it("lists every departure for programs, with the rules", async () => {
    const { stdout, file } = await validateFile(DEPARTING, "--format", "json");
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ files: 1, errors: 0, warnings: 0, departures: 3, fixed: [] });
    expect(report.diagnostics).toHaveLength(3);
    expect(report.diagnostics[1]).toEqual({
      severity: "departure",
      rule: "unknown-key",
      message: expect.stringContaining('"type"'),
      pointer: "/capability/consumes/0/resources/0/operations/0/inputParameters/0/type",
      source: expect.objectContaining({ file, line: 13 }),
    });
    expect(report.rules["unknown-key"]).toEqual(ruleCatalogue.get("unknown-key"));
    expect(Object.keys(report.rules)).toEqual(["unknown-key", "value-type"]);
  });

  it("lists every departure for GitHub", async () => {
    const { stdout } = await validateFile(DEPARTING, "--format", "github");
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(stdout).toMatch(/^::notice file=.*shop\.yaml,line=8,col=\d+,title=value-type \(departure\)::/);
  });

  it("does not take another format, and has no other options", async () => {
    const format = await validateFile(CLEAN, "--format", "xml");
    expect(format).toMatchObject({ code: 2, stdout: "" });
    expect(format.stderr).toContain("text");
    expect(format.stderr).toContain("sarif");
    expect(await validateFile(CLEAN, "--stric")).toMatchObject({ code: 2, stdout: "" });
    const value = await validateFile(CLEAN, "--strict=sometimes");
    expect(value).toMatchObject({ code: 2, stdout: "" });
    expect(value.stderr).toContain('Option --strict takes no value, found "sometimes"');
    expect(await validateFile(DEPARTING, "--strict=true", "--quiet")).toMatchObject({ code: 3 });
    expect(await validateFile(DEPARTING, "--strict=false", "--quiet")).toMatchObject({ code: 0 });
  });

  it("bounds what it shows of an object with thousands of keys, on a line or on lines", async () => {
    const keys = Array.from({ length: 3000 }, (_, index) => `key-${index}: 1`);
    const many = CLEAN.replace("      resources:", `${keys.map(key => `      ${key}\n`).join("")}      resources:`);
    const { stdout } = await validateFile(many);
    expect(stdout.match(/\(unknown-key\)\n/g)).toHaveLength(50);
    expect(stdout).toContain("\n… and 2950 others (--all shows them)\n");
    expect(stdout).toMatch(/\n1 file, 0 errors, 3000 warnings\n$/);

    const line = CLEAN.replace("type: bearer,", `type: bearer, ${keys.join(", ")},`);
    const { stdout: json } = await validateFile(line, "--format", "json");
    expect(JSON.parse(json)).toMatchObject({ warnings: 3000 });
    expect(json.length).toBeLessThan(10_000_000);
  });

  it("reads a file of 2 MB", async () => {
    const block = (index: number) => `        - name: op-${index}
          path: /books
          operations:
            - name: op-${index}
              method: GET
              inputParameters:
                - name: q
                  in: query
                  type: string
`;
    const start = CLEAN.slice(0, CLEAN.indexOf("        - name: books"));
    const count = Math.ceil(2_000_000 / block(0).length);
    const { code, stdout } = await validateFile(
      start + Array.from({ length: count }, (_, index) => block(index)).join(""),
      "--strict",
    );
    expect(code).toBe(3);
    expect(stdout).toContain(`… and ${count - 1} more like it`);
    expect(stdout).toMatch(new RegExp(`\\n1 file, 0 errors, ${count} departures\\n$`));
  });
});

describe.concurrent("validate --format sarif", () => {
  it("gives a SARIF 2.1.0 log with places, levels and rules", async () => {
    const folder = await temporaryFolder({ "a b/shop.yaml": DEPARTING, "bad.yaml": "naftiko: [" });
    const { code, stdout } = await runCommand(["validate", ".", "--format", "sarif"], { cwd: folder });
    expect(code).toBe(3);
    const log = JSON.parse(stdout) as SarifLog;
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    const { name, rules = [] } = run?.tool.driver ?? { name: "" };
    expect(name).toBe("naftiko");
    expect(rules.map(({ id }) => id)).toEqual(["yaml", "unknown-key", "value-type"]);
    for (const rule of rules) {
      expect(rule.fullDescription?.text).toBe(ruleCatalogue.get(rule.id)?.explanation);
      expect(rule.help?.text).toBe(ruleCatalogue.get(rule.id)?.fix);
      expect(rule.shortDescription?.text).toMatch(/^[A-Z].*\.$/);
    }
    const results = run?.results ?? [];
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["value-type", "note"],
      ["unknown-key", "note"],
      ["unknown-key", "note"],
      ["yaml", "error"],
    ]);
    for (const { ruleId, ruleIndex = -1, message, locations = [] } of results) {
      expect(rules[ruleIndex]?.id).toBe(ruleId);
      expect(message.text).not.toBe("");
      const place = locations[0]?.physicalLocation;
      expect(place?.artifactLocation?.uriBaseId).toBe("%SRCROOT%");
      expect(["a%20b/shop.yaml", "bad.yaml"]).toContain(place?.artifactLocation?.uri);
      expect(place?.region?.startLine).toBeGreaterThanOrEqual(1);
      expect(place?.region?.startColumn).toBeGreaterThanOrEqual(1);
    }
    expect(run?.originalUriBaseIds?.["%SRCROOT%"]?.uri).toMatch(/^file:\/\/\/.*\/$/);
  });

  it("names files elsewhere by their URL, and is a whole log without findings", async () => {
    const { file } = await validateFile(CLEAN);
    const { code, stdout } = await runCommand(["validate", file, "--format", "sarif"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).runs[0].results).toEqual([]);
    await writeFile(file, DEPARTING);
    const { stdout: found } = await runCommand(["validate", file, "--format", "sarif"]);
    const [result] = (JSON.parse(found) as SarifLog).runs[0]?.results ?? [];
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({ uri: `file://${file}` });
  });
});

describe.concurrent("validate --fix", () => {
  it("mends the file, says what it has done, and finds nothing to do then", async () => {
    const { file, code, stdout } = await validateFile(DEPARTING, "--fix");
    expect(code).toBe(0);
    expect(stdout).toContain(`${file}:8:55 fixed: 7 quoted (value-type)\n  8 |`);
    expect(stdout).toMatch(/\n1 file, 0 errors, 2 departures, 1 fixed\n$/);
    const mended = DEPARTING.replace("value: 7", 'value: "7"');
    expect(await readFile(file, "utf8")).toBe(mended);
    const again = await runCommand(["validate", file, "--fix"]);
    expect(again.stdout).toMatch(/\n1 file, 0 errors, 2 departures\n$/);
    expect(await readFile(file, "utf8")).toBe(mended);
  });

  it("tells programs what it has done", async () => {
    const { stdout, file } = await validateFile(DEPARTING, "--fix", "--format", "json");
    expect(JSON.parse(stdout).fixed).toEqual([
      {
        rule: "value-type",
        message: "7 quoted",
        pointer: "/capability/consumes/0/inputParameters/0/value",
        source: expect.objectContaining({ file, line: 8 }),
      },
    ]);
  });

  it.each([
    ["a syntax error", `${DEPARTING}x: [`],
    ["an error", DEPARTING.replace("GET", "FETCH")],
    ["two documents", `${DEPARTING}---\n${DEPARTING}`],
    ["a key twice", `${DEPARTING}naftiko: 1.0.0-alpha3\n`],
  ])("leaves a file with %s alone", async (_, text) => {
    const { code, file, stdout } = await validateFile(text, "--fix");
    expect(code).toBe(3);
    expect(stdout).not.toContain("fixed");
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("keeps line ends, a byte order mark and permissions, and writes behind a link", async () => {
    const before = `\ufeff${DEPARTING.replaceAll("\n", "\r\n")}`;
    const folder = await temporaryFolder({ "real.yaml": before });
    const real = path.join(folder, "real.yaml");
    const link = path.join(folder, "link.yaml");
    await chmod(real, 0o640);
    await symlink("real.yaml", link);
    const { code, stdout } = await runCommand(["validate", link, "--fix"]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("1 fixed") });
    expect(await readFile(real, "utf8")).toBe(before.replace("value: 7", 'value: "7"'));
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect(await readFile(link, "utf8")).toBe(await readFile(real, "utf8"));
  });

  it("keeps UTF-16", async () => {
    const coded = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16();
    const folder = await temporaryFolder({ "shop.yaml": coded(DEPARTING) });
    const file = path.join(folder, "shop.yaml");
    const { code, stdout } = await runCommand(["validate", file, "--fix"]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("1 fixed") });
    expect(await readFile(file)).toEqual(coded(DEPARTING.replace("value: 7", 'value: "7"')));
  });

  it("does not write a file that is read-only", async () => {
    const folder = await temporaryFolder({ "shop.yaml": DEPARTING });
    const file = path.join(folder, "shop.yaml");
    await chmod(file, 0o444);
    const { code, stdout } = await runCommand(["validate", file, "--fix"]);
    expect(code).toBe(3);
    expect(stdout).toContain(`error: Cannot fix ${file}: it is read-only (document)`);
    expect(stdout).toMatch(/\n1 file, 1 error, 3 departures\n$/);
    expect(await readFile(file, "utf8")).toBe(DEPARTING);
  });

  it("does not touch a file in which there is nothing to mend", async () => {
    const folder = await temporaryFolder({ "shop.yaml": CLEAN });
    const file = path.join(folder, "shop.yaml");
    await chmod(file, 0o444);
    const before = await stat(file);
    expect(await runCommand(["validate", file, "--fix"])).toMatchObject({
      code: 0,
      stdout: "1 file, 0 errors\n",
    });
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
  });
});
