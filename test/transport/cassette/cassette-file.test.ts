import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseBlockYaml } from "../../../src/document/parse-block-yaml.ts";
import type { CapabilityError } from "../../../src/error/capability-error.ts";
import type { Cassette, RecordedBody } from "../../../src/transport/cassette/cassette.ts";
import { CassetteFile, readCassette, readKeptCalls } from "../../../src/transport/cassette/cassette-file.ts";
import { writeInteraction } from "../../../src/transport/cassette/write-interaction.ts";
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

describe("CassetteFile", () => {
  it("grows by each call, for its owner alone, and leaves nothing else behind", async () => {
    const folder = await temporaryFolder({ "tape.yaml": "old" });
    const file = path.join(folder, "tape.yaml");
    const cassette = await CassetteFile.create(file, [interaction({ text: "kept" })]);
    expect(await readFile(file, "utf8")).toBe("old");
    await Promise.all(["a", "b", "c"].map(text => cassette.add(interaction({ text }))));
    const { interactions } = await readCassette(file);
    expect(interactions.map(({ request }) => request.body)).toEqual(
      ["kept", "a", "b", "c"].map(text => ({ text })),
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["tape.yaml"]);
  });

  it("is not there before its first call", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "tape.yaml");
    expect(await readKeptCalls(file)).toEqual([]);
    const cassette = await CassetteFile.create(file, []);
    expect(await readdir(folder)).toEqual([]);
    await cassette.add(interaction({ text: "a" }));
    expect(await readKeptCalls(file)).toEqual([interaction({ text: "a" })]);
  });

  it("refuses to grow beyond its limit, and keeps what it has", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const cassette = await CassetteFile.create(file, []);
    await cassette.add(interaction({ text: "a" }));
    const text = "x".repeat(9 * 1024 * 1024);
    await expect(cassette.add(interaction({ text }))).rejects.toMatchObject({
      code: "NOT_RECORDED",
      message: `Cannot record to ${file}: it would be larger than 16 MiB`,
      details: { file },
    });
    expect((await readCassette(file)).interactions).toHaveLength(1);
  });

  it("reads back a long recording", async () => {
    const file = path.join(await temporaryFolder({}), "tape.yaml");
    const text = `  "${"line of text\n".repeat(200_000)}`;
    await (await CassetteFile.create(file, [interaction({ text })])).add(interaction({ text: "a" }));
    expect((await stat(file)).size).toBeGreaterThan(5_000_000);
    expect((await readCassette(file)).interactions[0]?.request.body).toEqual({ text });
  });

  it("says what keeps it from being written", async () => {
    const folder = await temporaryFolder({ "folder/x": "" });
    for (const [name, reason] of [
      ["none/tape.yaml", "ENOENT"],
      ["folder", "it is a folder"],
    ] as const) {
      await expect(CassetteFile.create(path.join(folder, name), [])).rejects.toMatchObject({
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
      message: `Cannot read recorded calls from ${file}: ENOENT`,
    });
    await writeFile(file, Buffer.alloc(17 * 1024 * 1024, "#"));
    await expect(readCassette(file)).rejects.toThrow(
      `Cannot read recorded calls from ${file}: it is larger than 16 MiB`,
    );
  });

  it("no cassette that a person has written", async () => {
    const text =
      "interactions:\n- request: { method: GET, url: 'https://a.test/' }\n  response: { status: 204 }\n";
    const file = path.join(await temporaryFolder({ "tape.yaml": text }), "tape.yaml");
    const expected: Cassette = {
      interactions: [{ request: { method: "GET", url: "https://a.test/" }, response: { status: 204 } }],
    };
    expect(await readCassette(file)).toEqual(expected);
    expect(await readFile(file, "utf8")).toBe(text);
  });
});
