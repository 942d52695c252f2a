import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { SecretFinder } from "../../../src/base/masking/secret-finder.ts";
import { revealed } from "../../support/reveals.ts";
import { type Random, seededRandom } from "../../support/seeded-random.ts";
import { lineSpellings, spellings } from "../../support/spellings.ts";

const PEM = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const SECRETS: Readonly<Record<string, string>> = {
  "a token": "sk_live_4eC39HqLyjWDarjtT1",
  "a text of special characters": 'pa+ss/wo rd=&"<é>\\x%41;',
  "a text that looks escaped": "a%2Bb&amp;c\\u0041d%25e",
  "a key in lines": PEM,
  "a key with \\n for its line breaks": PEM.replaceAll("\n", "\\n"),
  "a text of another script": "пароль-для-входа",
};

describe.each(Object.entries(SECRETS))("SecretMask finds %s", (_, secret) => {
  const mask = maskOf(secret);
  const readable = secret.replaceAll("\\n", "\n");

  it.each(spellings)("$name", ({ write }) => {
    const written = write(secret);
    expect(revealed(mask.text(`told: ${written} end`), readable)).toBeUndefined();
    expect(revealed(mask.text(JSON.stringify({ told: [written], more: 1 })), readable)).toBeUndefined();
    expect(mask.text(`told: ${written}`)).toMatch(/^told: /);
  });
});

describe("SecretMask finds a secret of several lines", () => {
  it.each(lineSpellings)("$name", ({ write }) => {
    const written = write(PEM);
    for (const told of [
      written,
      JSON.stringify(written),
      encodeURIComponent(written),
      Buffer.from(written).toString("base64"),
    ]) {
      expect(revealed(`x ${told} y`, PEM)).toBeDefined();
      expect(revealed(maskOf(PEM).text(`x ${told} y`), PEM)).toBeUndefined();
    }
  });

  it("but not the lines that every key has", () => {
    expect(maskOf(PEM).text("it begins with -----BEGIN PRIVATE KEY-----")).toBe(
      "it begins with -----BEGIN PRIVATE KEY-----",
    );
  });
});

describe("SecretMask finds what is secret in a secret by itself", () => {
  const account = JSON.stringify({
    type: "service_account",
    client: { secret: "5hort", ids: ["id-0123456789"] },
    private_key: PEM,
    token_uri: "https://id.example/token",
  });
  it.each<readonly [what: string, secret: string, text: string, expected: string]>([
    ["a member of a JSON object", account, "no id-0123456789 here", "no *** here"],
    ["a short one that is named a secret", account, "the key 5hort", "the key ***"],
    ["a line of its key", account, `bad: ${PEM.split("\n")[1]}`, "bad: ***"],
    ["but not the address of a server", account, "https://id.example/token", "https://id.example/token"],
    ["what stands behind a scheme", "Bearer t0k3n-1a2b", "unknown t0k3n-1a2b", "unknown ***"],
    ["the password of a URL", "postgres://ann:p%40ss-1a2b@db/x", "not p@ss-1a2b for ann", "not *** for ann"],
    ["a host in lower case", "MyTenant", "https://mytenant.api.test", "https://***.api.test"],
    ["a host that is not ASCII", "M\u00fcller", "https://xn--mller-kva.api.test", "https://***.api.test"],
  ])("%s", (_, secret, text, expected) => {
    expect(maskOf(secret).text(text)).toBe(expected);
  });
});

describe("what is left of a text", () => {
  it.each<readonly [what: string, secrets: readonly string[], text: string, expected: string]>([
    ["of secrets that overlap", ["abcdef", "defghi"], "-abcdefghi-", "-***-"],
    ["of a secret in another", ["abcdefgh", "cdef"], "abcdefgh cdef", "*** ***"],
    ["of secrets side by side", ["abcd", "efgh"], "abcdefgh", "***"],
    ["of a secret that repeats itself", ["abab"], "xabababay", "x***ay"],
    ["of one that was cut", ["abcdefghijkl"], 'found "abcdefghij…', 'found "***…'],
    ["of a beginning too short to tell", ["abcdefghijkl"], "found abcd…", "found abcd…"],
    ["of a number", ["12345678"], '{"n":12345678}', '{"n":***}'],
    ["of escapes beside a secret", ["41ab/cd"], "%41ab/cd %2541ab%2Fcd", "%*** %25***"],
    ["of a letter beside an escape", ["nabcdef"], "\\nabcdef", "\\***"],
    ["of a legacy escape", ["p%ssw"], "p%u0025ssw", "***"],
  ])("%s", (_, secrets, text, expected) => {
    expect(maskOf(...secrets).text(text)).toBe(expected);
  });

  it("is as it was where secrets are removed as often as added", () => {
    const mask = maskOf("abcdefgh", "abcdefgh", "cdef");
    mask.remove("abcdefgh");
    expect(mask.text("abcdefgh")).toBe("***");
    mask.remove("abcdefgh");
    expect(mask.text("abcdefgh %63def")).toBe("ab***gh ***");
    mask.remove("cdef");
    mask.remove("cdef");
    expect(mask.text("abcdefgh")).toBe("abcdefgh");
  });
});

describe("SecretMask.place", () => {
  const mask = new SecretMask();
  mask.place("k=", "abc");
  mask.place("k: ", "abc");
  it.each([
    ["/things?k=abc&page=2", "/things?k=***&page=2"],
    ["/things?page=2&k=%61bc", "/things?page=2&k=***"],
    ["k=abcd ok=abc abc", "k=abcd ok=abc abc"],
    ["k=abc", "k=***"],
  ])("masks a short value where it was placed, in %s", (text, expected) => {
    expect(mask.text(text)).toBe(expected);
  });

  it.each(["AB", "A+", "Ạb", "ΑΣ", "İ", "Ａ1"])("masks %s where it was placed", value => {
    const placed = new SecretMask();
    placed.place("?key=", value);
    expect(placed.text(`/things?key=${value}`)).toBe("/things?key=***");
  });

  it("masks it behind the name of its member", () => {
    expect(mask.value({ k: "abc", j: "abc", list: [{ k: "abc" }] })).toEqual({
      k: "***",
      j: "abc",
      list: [{ k: "***" }],
    });
  });
});

describe("SecretFinder", () => {
  it("finds what a naive search finds", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const secrets = Array.from({ length: 1 + random(4) }, () => randomText(random, 4 + random(4)));
      const text = randomText(random, random(60));
      expect(maskOf(...secrets).text(text), `${secrets} in ${text}`).toBe(naive(secrets, text));
    }
  });

  it.each([
    ["many letters a", (size: number) => ["a".repeat(size)], (size: number) => "a".repeat(size)],
    ["almost a secret, often", (size: number) => [`${"a".repeat(size)}b`], (size: number) => "a".repeat(size)],
    [
      "many secrets with one beginning",
      (size: number) => Array.from({ length: size / 64 }, (_, index) => `key-${"a".repeat(40)}${index}`),
      (size: number) => `key-${"a".repeat(39)}`.repeat(size / 40),
    ],
    ["escapes of escapes", () => ["secret%value"], (size: number) => `%${"25".repeat(size / 2)}`],
    ["nothing but escapes", () => ["secret"], (size: number) => "%41\\u0042&#67;".repeat(size / 16)],
    ["what may be base64 or hexadecimal", () => ["secret"], (size: number) => "61626364".repeat(size / 8)],
    ["blanks", () => ["secret secret secret"], (size: number) => " \n".repeat(size / 2)],
    ["an API's answer", () => [PEM], (size: number) => '{"id":1,"name":"Ann\\n"}'.repeat(size / 20)],
  ])("takes steps that grow as the text and the secrets do: %s", (_, secretsOf, textOf) => {
    const steps = (size: number) => {
      const finder = new SecretFinder(secretsOf(size));
      finder.find(textOf(size));
      return finder.steps;
    };
    expect(steps(16_384) / steps(8_192)).toBeLessThan(2.2);
    expect(steps(8_192)).toBeLessThan(8_192 * 200);
  });

  it("builds 80 keys, a bundle and a value of a megabyte in a few steps a character", () => {
    const bundle = Array.from({ length: 20 }, (_, index) => PEM.replaceAll("A", String(index % 10))).join("");
    const keys = Array.from({ length: 80 }, (_, index) => PEM.replaceAll("B", String(index)));
    for (const secrets of [keys, [bundle], ["x".repeat(1 << 20)]]) {
      const finder = new SecretFinder(secrets);
      const size = secrets.join("").length;
      expect(finder.steps).toBeLessThan(size * 8);
      expect(finder.find(secrets[0] ?? "")).not.toEqual([]);
    }
  });

  it("reads a picture in base64, and refuses a text that is made of too many readings", () => {
    const random = seededRandom(3);
    const picture = Buffer.from(Array.from({ length: 300_000 }, () => random(256))).toString("base64");
    const finder = new SecretFinder([PEM]);
    expect(finder.find(`{"image":"${picture}"}`)).toEqual([]);
    const hostile = `%${"25".repeat(500_000)}`;
    expect(() => finder.find(hostile)).toThrow(RangeError);
    expect(maskOf(PEM).text(hostile)).toBe("***");
  });

  it("leaves nothing of a text that cannot be searched", () => {
    const search = vi.spyOn(SecretFinder.prototype, "find").mockImplementation(() => {
      throw new RangeError("too much");
    });
    const mask = maskOf("abcdefgh");
    expect([mask.text("x"), mask.value({ a: ["x"] }), mask.error(new Error("x"))]).toMatchObject([
      "***",
      { "***": ["***"] },
      { message: "***" },
    ]);
    search.mockRestore();
    expect(mask.text("x abcdefgh")).toBe("x ***");
  });
});

function maskOf(...secrets: readonly string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.add(secret);
  return mask;
}

function naive(secrets: readonly string[], text: string): string {
  const covered = Array.from(text, () => false);
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      covered.fill(true, at, at + secret.length);
  }
  return [...text].map((character, index) => (covered[index] ? (covered[index - 1] ? "" : "***") : character)).join("");
}

function randomText(random: Random, length: number): string {
  return Array.from({ length }, () => "abx"[random(3)]).join("");
}
