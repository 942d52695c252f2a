import { describe, expect, it } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";

const SECRET = 'sk_live/+&="é \\x';

const texts: readonly [what: string, secrets: readonly string[], text: string, expected: string][] = [
  ["a secret as it is", [SECRET], `a ${SECRET} b`, "a *** b"],
  ["a secret that comes twice", ["abcd"], "abcd-abcd", "***-***"],
  ["a percent-encoded secret", [SECRET], `?k=${encodeURIComponent(SECRET)}&x=1`, "?k=***&x=1"],
  [
    "a secret percent-encoded in lower case",
    [SECRET],
    `?k=${encodeURIComponent(SECRET).replace(/%../g, hex => hex.toLowerCase())}`,
    "?k=***",
  ],
  ["a form-encoded secret", [SECRET], `k=${new URLSearchParams([["", SECRET]]).toString().slice(1)}&x=1`, "k=***&x=1"],
  ["a secret in JSON", [SECRET], JSON.stringify({ k: SECRET }), '{"k":"***"}'],
  [
    "a secret in JSON in JSON",
    [SECRET],
    JSON.stringify({ k: JSON.stringify({ k: SECRET }) }),
    '{"k":"{\\"k\\":\\"***\\"}"}',
  ],
  ["the longer of two secrets that overlap", ["abcd", "abcdefgh"], "abcdefgh abcd", "*** ***"],
  ["a secret of special characters", ["a.*(b)[c]$"], "x a.*(b)[c]$ y", "x *** y"],
  ["a secret with line breaks", ["one\ntwo three"], '"one\\ntwo three" one\ntwo three', '"***" ***'],
  ["nothing without secrets", [], "abcd", "abcd"],
  ["nothing for secrets too short to be any", ["abc", "", "1"], "abc 1", "abc 1"],
  ["a secret in any case", ["abcD"], "abcd ABCD", "*** ***"],
  ["nothing in text that only looks alike", ["abcd"], "abc abcbcd", "abc abcbcd"],
  ["a secret with half a surrogate pair", ["abcd\ud83d"], "x abcd\ud83d", "x ***"],
];

describe("SecretMask", () => {
  it("forgets a secret in all its forms, and no other", () => {
    const mask = maskOf(SECRET, "abcd");
    mask.remove(SECRET);
    mask.remove("never known");
    const text = `${SECRET} ${encodeURIComponent(SECRET)} ${JSON.stringify(SECRET)}`;
    expect(mask.text(`${text} abcd`)).toBe(`${text} ***`);
    mask.remove("abcd");
    expect(mask.text(`${text} abcd`)).toBe(`${text} abcd`);
  });

  it.each(texts)("masks %s", (_, secrets, text, expected) => {
    const mask = maskOf(...secrets);
    expect(mask.text(text)).toBe(expected);
  });

  it("learns secrets between texts", () => {
    const mask = maskOf("abcd");
    expect(mask.text("abcd efgh")).toBe("*** efgh");
    mask.add("efgh");
    mask.add("efgh");
    expect(mask.text("abcd efgh")).toBe("*** ***");
  });

  it("masks strings and names anywhere in a value, and copies it", () => {
    const value = Object.freeze({
      token: "abcd",
      list: Object.freeze([1, null, true, { abcd: "x abcd y" }]),
      nested: { deep: { "a-abcd": undefined } },
    });
    expect(maskOf("abcd").value(value)).toEqual({
      token: "***",
      list: [1, null, true, { "***": "x *** y" }],
      nested: { deep: { "a-***": undefined } },
    });
    expect(value.token).toBe("abcd");
  });

  it("masks a member called __proto__", () => {
    const masked = maskOf("abcd").value(JSON.parse('{"__proto__":{"k":"abcd"}}')) as object;
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"k":"***"}}');
  });

  it("ends with a value that holds itself", () => {
    const value: Record<string, unknown> = { token: "abcd" };
    value["self"] = value;
    expect(JSON.stringify(maskOf("abcd").value(value))).not.toContain("abcd");
  });
});

function maskOf(...secrets: readonly string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.add(secret);
  return mask;
}
