import { appendFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CapabilityError } from "../../../src/base/capability-error.ts";
import { parseBlockYaml } from "../../../src/language/document/parse-block-yaml.ts";
import type { Cassette, RecordedBody } from "../../../src/net/cassette/cassette.ts";
import { CassetteFile, readCassette } from "../../../src/net/cassette/cassette-file.ts";
import { writeInteraction } from "../../../src/net/cassette/write-interaction.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const interaction = (body: RecordedBody) => ({
  recordedAt: "2026-11-25T02:55:01.447Z",
  request: {
    method: "POST",
    url: "https://api.test/a?b=***",
    headers: { authorization: "***", x: "" },
    body,
  },
  response: { status: 200, statusText: "OK", headers: { "set-cookie": ["***", "***"], x: "é" }, body },
});

const ODD_TEXTS = [
  "",
  " lead",
  "\n",
  "a\n",
  "a\n\n",
  "  a\nb\n",
  "\tx",
  "x ",
  "a\r\nb",
  "'",
  '"',
  "'\"",
  "- a",
  "a: b",
  "#",
  "yes",
  "1",
  "1.0",
  "null",
  "~",
  "---",
  "...",
  "\u0007\u001b",
  "\u2028",
  "é\u{1f511}",
  "{}",
  "[]",
  "|",
  ">",
  "&a",
  "*a",
  "!t",
  "%",
  "@",
  "`",
  "word ".repeat(200),
  `${"x".repeat(200)}\ny`,
];

const BODIES: RecordedBody[] = [
  ...ODD_TEXTS.map(text => ({ text })),
  { json: ODD_TEXTS },
  {
    json: { "": 1, "1": 1, "1.0": 1, null: 1, yes: 1, "- a": 1, "a: b": 1, "#": 1, "{}": 1, " a ": 1, é: 1 },
  },
  { json: [[], {}, [[1, [2.5e300, -0.1]]], null, true, { a: { b: [{ c: [] }] } }] },
  { json: "text" },
  { base64: Buffer.from([0, 255, 128]).toString("base64") },
];

describe("writeInteraction()", () => {
  it.each([
    ...BODIES.map(body => ({ body, plainer: undefined })),
    ...["a\nb", '"', "__proto__"].map(name => {
      const json: unknown = JSON.parse(`{${JSON.stringify(name)}:1}`);
      return { body: { json }, plainer: { text: JSON.stringify(json) } };
    }),
    { body: { text: "\ufeff" }, plainer: { base64: "77u/" } },
  ])("keeps $body, as YAML of the common part", async ({ body, plainer }) => {
    const text = `interactions:\n${await writeInteraction(interaction(body))}`;
    const parsed = parseBlockYaml(text);
    const value = parsed.ok ? (parsed.value as Cassette) : undefined;
    expect(Object.keys(value?.interactions[0]?.request.body ?? {})).toEqual(Object.keys(plainer ?? body));
    expect(value).toEqual({ interactions: [interaction(plainer ?? body)] });
  });
});

const call = (text: string) => interaction({ text });

async function textsOf(file: string): Promise<unknown[]> {
  const { interactions } = await readCassette(file);
  return interactions.map(({ request }) => (request.body as { text: string }).text);
}

describe("CassetteFile", () => {
  it("grows by each call, for its owner alone, and leaves nothing else behind", async () => {
    const folder = await temporaryFolder({ "tape.yaml": "old" });
    const file = path.join(folder, "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: false });
    expect(await readFile(file, "utf8")).toBe("old");
    await Promise.all(["a", "b", "c"].map(text => cassette.add(call(text))));
    expect(await textsOf(file)).toEqual(["a", "b", "c"]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["tape.yaml"]);
  });

  it("is not there before its first call", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "tape.yaml");
    const cassettes = [true, false].map(append => CassetteFile.create(file, { append }));
    expect(await Promise.all(cassettes)).toHaveLength(2);
    expect(await readdir(folder)).toEqual([]);
    await (await cassettes[0])?.add(call("a"));
    expect(await textsOf(file)).toEqual(["a"]);
  });

  const item = "- request: { method: GET, url: 'https://a.test/' }\n";
  it.each([
    { of: "another indentation", text: `interactions:\n${item}  response: { status: 204 }\n` },
    { of: "no line break at its end", text: `interactions:\n  ${item}    response: { status: 204 }` },
    { of: "a comment", text: `# mine\ninteractions:\n  ${item}    response: { status: 204 }\n` },
    {
      of: "one line",
      text: "{ interactions: [{ request: { method: GET, url: 'https://a.test/' }, response: { status: 204 } }] }",
    },
  ])("keeps the calls of a file that a person has written with $of", async ({ text }) => {
    const file = path.join(await temporaryFolder({ "tape.yaml": text }), "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: true });
    expect(await readFile(file, "utf8")).toBe(text);
    for (const added of ["a", "b"]) await cassette.add(call(added));
    const { interactions } = await readCassette(file);
    expect(interactions).toEqual([
      { request: { method: "GET", url: "https://a.test/" }, response: { status: 204 } },
      call("a"),
      call("b"),
    ]);
  });

  it("is whole YAML at each byte that a call is written by", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: true });
    await cassette.add(call("a"));
    const before = await readFile(file, "utf8");
    const added = await writeInteraction(call("é\n\n'\nb: c"));
    // As a reader finds it, or a process leaves it that is killed there.
    const states = ["#", "#:", "#: ", "#: |", "#: |\n", "x: |\n"];
    const bytes = Buffer.from(added);
    for (let end = 0; end <= bytes.length; end++) {
      states.push(`x: |\n${bytes.subarray(0, end).toString("utf8")}`);
    }
    for (const state of states) {
      const value = parse(before + state) as Cassette;
      expect(value.interactions, state).toEqual([call("a")]);
    }
    await writeFile(file, before + states.at(-1));
    expect(await textsOf(file)).toEqual(["a"]);
    for (const done of ["#: |\n", "#-: |\n", "# --\n"]) {
      expect((parse(before + done + added) as Cassette).interactions, done).toHaveLength(2);
    }
  });

  it.each([
    { by: "one that has seen the file before", isNew: false },
    { by: "one that has not", isNew: true },
  ])("takes out a call that another process has not written to its end: $by", async ({ isNew }) => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: true });
    for (const text of ["a", "b"]) await cassette.add(call(text));
    const unfinished = `x: |\n${(await writeInteraction(call("lost"))).slice(0, 100)}`;
    await appendFile(file, `# --\n${await writeInteraction(call("other"))}${unfinished}`);
    const next = isNew ? await CassetteFile.create(file, { append: true }) : cassette;
    await next.add(call("c"));
    expect(await textsOf(file)).toEqual(["a", "b", "other", "c"]);
    expect((parse(await readFile(file, "utf8")) as Cassette).interactions).toHaveLength(4);
  });

  it("keeps what two add in turn, and does not read again what it has seen", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const [one, two] = [
      await CassetteFile.create(file, { append: true }),
      await CassetteFile.create(file, { append: true }),
    ];
    for (const text of ["a", "b", "c", "d"]) await (text < "c" ? one : two)?.add(call(text));
    await one?.add(call("e"));
    expect(await textsOf(file)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it.each([
    {
      how: "replaced",
      change: (file: string) => CassetteFile.create(file, { append: false }),
      reason: "another recording has replaced it meanwhile",
    },
    { how: "removed", change: undefined, reason: "it has been removed meanwhile" },
  ])("tells that a recording which was made anew has been $how", async ({ change, reason }) => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: false });
    await cassette.add(call("a"));
    const other = await change?.(file);
    if (other === undefined) await rm(file);
    else await other.add(call("other"));
    await expect(cassette.add(call("b"))).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: `Cannot record to ${file}: ${reason}`,
    });
    if (other !== undefined) expect(await textsOf(file)).toEqual(["other"]);
  });

  it("refuses to grow beyond its limit, and keeps what it has", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const cassette = await CassetteFile.create(file, { append: false });
    await cassette.add(call("a"));
    await expect(cassette.add(call("x".repeat(9 * 1024 * 1024)))).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: `Cannot record to ${file}: it would be larger than 16 MiB`,
      details: { file },
    });
    expect((await readCassette(file)).interactions).toHaveLength(1);
  });

  it("reads back a long recording", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const text = `  "${"line of text\n".repeat(200_000)}`;
    const cassette = await CassetteFile.create(file, { append: false });
    for (const each of [text, "a"]) await cassette.add(call(each));
    expect((await stat(file)).size).toBeGreaterThan(5_000_000);
    expect(await textsOf(file)).toEqual([text, "a"]);
  });

  it("says what keeps it from being written", async () => {
    const folder = await temporaryFolder({ "folder/x": "" });
    for (const [name, reason] of [
      ["none/tape.yaml", "there is no such file or folder (ENOENT): make it, or name another one"],
      ["folder", "it is a folder"],
    ] as const) {
      await expect(CassetteFile.create(path.join(folder, name), { append: false })).rejects.toMatchObject({
        code: "NOT_RECORDED",
        message: `Cannot record to ${path.join(folder, name)}: ${reason}`,
      });
    }
    expect(await readdir(folder)).toEqual(["folder"]);
  });
});

const request = "    request: { method: GET, url: 'https://a.test/' }\n";

describe("readCassette() refuses", () => {
  it.each([
    { text: "interactions: [", message: /as YAML/ },
    { text: "", message: /it must be an object/ },
    { text: "- a", message: /it must be an object/ },
    { text: "naftiko: 1", message: /the unknown member "naftiko" in it/ },
    { text: "{}", message: /has no list "interactions"/ },
    { text: "interactions: {}", message: /has no list "interactions"/ },
    { text: "interactions: [1]", message: /interactions\[0\] must be an object/ },
    { text: "interactions: [{}]", message: /interactions\[0\]\.request must be an object/ },
    { text: "interactions:\n  - extra: 1", message: /"extra" in interactions\[0\]/ },
    { text: `interactions:\n  -\n${request}`, message: /interactions\[0\]\.response must be an object/ },
    {
      text: "interactions: [{ request: { method: GET, url: /a }, response: { status: 200 } }]",
      message: /interactions\[0\]\.request\.url must be a URL/,
    },
    ...[
      ["{ status: 100 }", /status must be a status from 200 to 999/],
      ["{ status: '200' }", /status must be/],
      ["{ status: 200, headers: { a: 1 } }", /headers\.a must be a string or a list of strings/],
      ["{ status: 200, headers: [a] }", /headers must be an object/],
      ["{ status: 200, statusText: 1 }", /statusText must be a string/],
      ["{ status: 200, body: text }", /body must be an object/],
      ["{ status: 200, body: {} }", /body must be one of/],
      ["{ status: 200, body: { text: a, json: b } }", /body must be one of/],
      ["{ status: 200, body: { text: 1 } }", /body\.text must be a string/],
      ["{ status: 200, body: { base64: 1 } }", /body\.base64 must be a string/],
    ].map(([response, message]) => ({
      text: `interactions:\n  -\n${request}    response: ${response}\n`,
      message,
    })),
  ])("$text", async ({ text, message }) => {
    const file = path.join(await temporaryFolder({ "tape.yaml": text }), "tape.yaml");
    const error = await readCassette(file).then(
      () => undefined,
      (thrown: unknown) => thrown as CapabilityError,
    );
    expect(error?.code).toBe("NOT_RECORDED");
    expect(error?.details).toEqual({ file });
    expect(error?.message).toMatch(message as RegExp);
    expect(error?.message).toContain(file);
  });

  it("what is not there, and what is too large", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "tape.yaml");
    await expect(readCassette(file)).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: `Cannot read recorded calls from ${file}: there is no such file or folder (ENOENT): make it, or name another one`,
    });
    await writeFile(file, Buffer.alloc(17 * 1024 * 1024, "#"));
    await expect(readCassette(file)).rejects.toThrow(
      `Cannot read recorded calls from ${file}: it is larger than 16 MiB`,
    );
  });

  it("no cassette that a person has written", async () => {
    const text = "interactions:\n- request: { method: GET, url: 'https://a.test/' }\n  response: { status: 204 }\n";
    const file = path.join(await temporaryFolder({ "tape.yaml": text }), "tape.yaml");
    const expected: Cassette = {
      interactions: [{ request: { method: "GET", url: "https://a.test/" }, response: { status: 204 } }],
    };
    expect(await readCassette(file)).toEqual(expected);
    expect(await readFile(file, "utf8")).toBe(text);
  });
});
