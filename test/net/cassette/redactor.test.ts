import { describe, expect, it } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { bodyBytes, recordBody } from "../../../src/net/cassette/recorded-body.ts";
import { createRedactor } from "../../../src/net/cassette/redactor.ts";

const secrets = new SecretMask();
secrets.add('s3cret/"');
const redactor = createRedactor(["X-Account", "pin"], text => secrets.text(text));

describe("url()", () => {
  it.each([
    ["https://a.test/x", "https://a.test/x"],
    ["https://a.test/s3cret%2F%22/x?a=1", "https://a.test/***/x?a=1"],
    [
      "https://a.test/x?api_key=k&b=2&Access-Token=t&pin=1",
      "https://a.test/x?api_key=***&b=2&Access-Token=***&pin=***",
    ],
    ["https://a.test/x?api%5Fkey=k&flag&=v", "https://a.test/x?api%5Fkey=***&flag&=v"],
    ["https://a.test/x?%zz=1&q=s3cret%2F%22", "https://a.test/x?%zz=1&q=***"],
  ])("%s", (url, kept) => {
    expect(redactor.url(url)).toBe(kept);
  });
});

describe("header()", () => {
  it.each([
    ["authorization", "Bearer x", "***"],
    ["cookie", "a=b", "***"],
    ["set-cookie", "a=b", "***"],
    ["x-api-key", "k", "***"],
    ["token", "k", "***"],
    ["x-account", "1", "***"],
    ["x-told", 'it is s3cret/"', "it is ***"],
    ["accept", "a/b", "a/b"],
    ["location", "/next?token=k&page=2", "/next?token=***&page=2"],
    ["location", "https://api.test/next", "https://api.test/next"],
  ])("%s: %s", (name, value, kept) => {
    expect(redactor.header(name, value)).toBe(kept);
  });
});

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

describe("recordBody()", () => {
  it.each([
    ["", JSON_TYPE, undefined],
    ['{"a":1}', JSON_TYPE, { json: { a: 1 } }],
    ['{"a":1}', "text/plain", { json: { a: 1 } }],
    ['{ "a": 1 }', JSON_TYPE, { text: '{ "a": 1 }' }],
    ["1.0", JSON_TYPE, { text: "1.0" }],
    ['{"id":12345678901234567890}', JSON_TYPE, { text: '{"id":12345678901234567890}' }],
    [
      '{"password":"x","n":{"client_secret":{"a":1},"refreshToken":null},"PIN":12}',
      JSON_TYPE,
      { json: { password: "***", n: { client_secret: "***", refreshToken: null }, PIN: "***" } },
    ],
    ['{ "token": "x" }\n', JSON_TYPE, { text: '{ "token": "***" }\n' }],
    ['{\n"token": "x" }', JSON_TYPE, { text: '{\n"token": "***" }' }],
    ['["s3cret/\\"",{"s3cret/\\"":1}]', JSON_TYPE, { json: ["***", { "***": 1 }] }],
    ['{"__proto__":{"secret":1}}', JSON_TYPE, { json: JSON.parse('{"__proto__":{"secret":"***"}}') }],
    ["user=a&password=b+c&x=s3cret%2F%22", `${FORM}; charset=utf-8`, { text: "user=a&password=***&x=***" }],
    [
      '{"a":1}\n{"secret": "x\\"y"}\n{"pin":12}',
      "application/x-ndjson",
      { text: '{"a":1}\n{"secret": "***"}\n{"pin":"***"}' },
    ],
    [
      '<a><password b="1">x</password><c>s3cret/"</c></a>',
      "application/xml",
      { text: '<a><password b="1">***</password><c>***</c></a>' },
    ],
    ["plain text", "text/plain", { text: "plain text" }],
    ["half \ud83d", "text/plain", { text: "half \ufffd" }],
    [Buffer.from([255, 0]), "image/png", { base64: "/wA=" }],
    [Buffer.from("é"), "text/plain", { text: "é" }],
  ])("of %j as %s", (body, contentType, kept) => {
    const recorded = recordBody(body, contentType, redactor);
    expect(recorded).toEqual(kept === undefined ? {} : { body: kept });
    const bytes = Buffer.from(bodyBytes(recorded.body));
    if (!JSON.stringify(kept ?? "").includes("***"))
      expect(bytes).toEqual(typeof body === "string" ? Buffer.from(body.toWellFormed()) : Buffer.from(body));
  });

  it("keeps nothing that is nested too deep to be looked through", () => {
    const text = `${'{"a":'.repeat(5_000)}{"secret":"x"}${"}".repeat(5_000)}`;
    const { body } = recordBody(text, JSON_TYPE, redactor);
    expect(JSON.stringify(body)).not.toContain('"x"');
    expect(JSON.stringify(body)).toContain("***");
  });

  it("takes time in proportion to a text", () => {
    for (const text of ['"'.repeat(200_000), `<${"a".repeat(200_000)}`, "<a>".repeat(100_000)])
      expect(recordBody(text, "text/plain", redactor).body).toEqual({ text });
    // A text that would take too long to search for known secrets is not kept.
    const { body } = recordBody(`"a":"${"\\".repeat(200_000)}`, "text/plain", redactor);
    expect(body).toEqual({ text: "***" });
  });

  it.each([
    ["JSON", (secret: string) => JSON.stringify({ told: secret })],
    ["lines of JSON", (secret: string) => `{"a":1}\n${JSON.stringify({ told: secret })}\n`],
    ["text", (secret: string) => `told: ${secret}`],
    ["HTML", (secret: string) => `<p title='x'>${secret}</p>`],
    ["a form", (secret: string) => `told=${encodeURIComponent(secret)}`],
    ["a URL in a text", (secret: string) => `see https://h.test/?told=${encodeURIComponent(secret)}`],
  ])("leaves no tail of a secret whose beginning is one too, in %s", (_, write) => {
    for (const secret of ["abcdefgh<b>of=the&tail?x=y", 'abcdefgh","b":"of the tail', "abcdefgh&of=the;tail"]) {
      const mask = new SecretMask();
      for (const known of ["abcdefgh", secret]) mask.add(known);
      const { body } = recordBody(
        write(secret),
        "",
        createRedactor([], text => mask.text(text)),
      );
      const kept = JSON.stringify(body);
      expect(kept).toContain("***");
      expect(kept).not.toMatch(/of|tail/);
    }
  });
});
