import { describe, expect, it } from "vitest";
import { splitWords } from "../../../src/catalogue/search/split-words.ts";
import { stemOf, wordsOf } from "../../../src/catalogue/search/words.ts";

describe("wordsOf()", () => {
  it.each([
    { text: "createAPIKey", words: ["create", "api", "key"] },
    { text: "create_api_key", words: ["create", "api", "key"] },
    { text: "create-api-key", words: ["create", "api", "key"] },
    { text: "Create API keys!", words: ["create", "api", "keys"] },
    { text: "listURLs", words: ["list", "urls"] },
    { text: "/v1/apiKeys/{apiKeyID}.json", words: ["v1", "api", "keys", "api", "key", "id", "json"] },
    { text: "createM2MToken", words: ["create", "m2", "m", "token"] },
    { text: "admin.users.setExpiration", words: ["admin", "users", "set", "expiration"] },
    { text: "Équipe Größe", words: ["equipe", "große"] },
    { text: "顧客を削除", words: ["顧客", "客を", "を削", "削除"] },
    { text: "حذف العميل", words: ["حذف", "العميل"] },
    { text: "удалитьПользователя", words: ["удалитьпользователя"] },
    { text: "…!? \u0000\u001b[31m", words: ["31m"] },
    { text: "", words: [] },
  ])("reads $text as $words", ({ text, words }) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("bounds a word", () => {
    expect(wordsOf("a".repeat(100_000))).toEqual(["a".repeat(64)]);
  });
});

describe("stemOf()", () => {
  it.each([
    ["key", "keys"],
    ["delete", "deleting", "deleted", "deletes", "deletion"],
    ["organize", "organise", "organizes", "organised"],
    ["color", "colour", "colours"],
    ["status", "statuses"],
    ["canvas", "canvases"],
    ["person", "people"],
    ["policy", "policies"],
  ])("takes the forms of %s for one word", (...words) => {
    expect(new Set(words.map(stemOf)).size).toBe(1);
  });
});

describe("splitWords()", () => {
  const costs = new Map(
    ["create", "api", "key", "a", "pi", "list", "to", "ken", "token"].map(word => [word, 5] as const),
  );
  it.each([
    { text: "createapikey", parts: ["create", "api", "key"] },
    { text: "listtoken", parts: ["list", "token"] },
    { text: "listtoken2", parts: ["list", "token", "2"] },
    { text: "createzzz", parts: undefined },
    { text: "key".repeat(41), parts: undefined },
  ])("splits $text into $parts", ({ text, parts }) => {
    expect(splitWords(text, word => costs.get(word))).toEqual(parts);
  });
});
