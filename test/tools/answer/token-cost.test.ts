import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { jsonCost } from "../../../src/tools/answer/json-cost.ts";
import { tokenCost } from "../../../src/tools/answer/token-cost.ts";
import { randomFrom } from "../../support/seeded-random.ts";

const random = randomFrom(7);
const below = (most: number) => Math.floor(random() * most);
const oneOf = (characters: string) => characters[below(characters.length)] as string;
const many = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, at) => make(at));
const letters = (count: number, characters: string) => many(count, () => oneOf(characters)).join("");

const HEX = "0123456789abcdef";
const SMALL = "abcdefghijklmnopqrstuvwxyz";
const BASE64 = `${SMALL}${SMALL.toUpperCase()}0123456789+/`;

const uuid = () => [8, 4, 4, 4, 12].map(count => letters(count, HEX)).join("-");
const words = "the order was shipped to your address and will arrive within three days unless customs hold it".split(
  " ",
);
const sentence = () => many(12, () => words[below(words.length)]).join(" ");

/** Values of every kind that answers hold. */
const values: Readonly<Record<string, unknown>> = {
  English: many(50, index => ({ id: index, title: sentence(), body: sentence(), open: true, closed_at: null })),
  Chinese: many(20, () => "我们正在构建一个可以让代理调用任何接口的系统。订单已经发货，预计三天内到达，请注意查收。"),
  Japanese: many(20, () => "私たちはどのようなインターフェースでも呼び出せるシステムを構築しています。"),
  Korean: many(20, () => "우리는 어떤 인터페이스든 호출할 수 있는 시스템을 구축하고 있습니다."),
  Russian: many(20, () => "Мы создаём систему, которая позволяет агентам вызывать любой интерфейс."),
  Ukrainian: many(20, () => "Ми створюємо систему, яка дозволяє агентам викликати будь-який інтерфейс."),
  Vietnamese: many(20, () => "Chúng tôi đang xây dựng một hệ thống cho phép các tác nhân gọi bất kỳ giao diện nào."),
  "traditional Chinese": many(20, () => "我們正在構建一個可以讓代理調用任何介面的系統。訂單已經發貨，預計三天內到達。"),
  Arabic: many(20, () => "نحن نبني نظامًا يسمح للوكلاء باستدعاء أي واجهة. تم شحن الطلب."),
  Hindi: many(20, () => "हम एक ऐसी प्रणाली बना रहे हैं जो किसी भी इंटरफ़ेस को कॉल करने देती है।"),
  Greek: many(20, () => "Κατασκευάζουμε ένα σύστημα που επιτρέπει να καλούν οποιαδήποτε διεπαφή."),
  German: many(20, () => "Wir bauen ein System, mit dem Agenten beliebige Schnittstellen aufrufen können."),
  emoji: many(20, () => "😀🎉🚀👍🏽👨‍👩‍👧‍👦🔥✅🇩🇪🧪📦"),
  base64: many(10, () => letters(900, BASE64)),
  hexadecimal: many(40, () => ({ sha: letters(40, HEX) })),
  uuids: many(100, () => ({ id: uuid(), parent_id: uuid() })),
  identifiers: many(100, () => ({
    id: `cus_${letters(14, BASE64)}`,
    key: letters(26, `${SMALL.toUpperCase()}0123456789`),
  })),
  letters: many(100, () => letters(20, SMALL)),
  digits: many(300, below),
  integers: many(300, () => below(1e15)),
  decimals: many(300, () => random()),
  prices: many(300, () => below(1e6) / 100),
  dates: many(100, () => new Date(below(2e12)).toISOString()),
  URLs: many(100, index => `https://api.example.com/v1/users/${index}/repos?page=${index}&per_page=100`),
  escapes: many(60, () => 'line one\nline "two"\ttab\\path\\to\\file\r\n'),
  controls: many(60, () => "\u0001\u0002\u001f\u0000"),
  HTML: many(60, () => '<div class="card"><a href="/x?y=1&z=2">Link</a><br/>&nbsp;&lt;</div>'),
  words: many(200, () => [true, false, null][below(3)]),
  empty: many(100, index => ({ labels: [], parent: {}, note: "", id: index })),
  nested: many(60, () => ({ a: { b: { c: { d: [{ e: [[1]] }] } } } })),
};

const assigned = many(0x32000, code => code)
  .filter(code => code > 127 && (code < 0xd800 || code > 0xdfff))
  .map(code => String.fromCodePoint(code))
  .filter(character => !/\p{Cn}/u.test(character));

const scripts = [
  ...[
    "Latin",
    "Greek",
    "Cyrillic",
    "Hebrew",
    "Arabic",
    "Armenian",
    "Georgian",
    "Ethiopic",
    "Devanagari",
    "Tamil",
    "Thai",
  ],
  ...["Oriya", "Tibetan", "Khmer", "Hangul", "Hiragana", "Katakana", "Bopomofo", "Han", "Yi", "Cherokee", "Braille"],
  ...["Egyptian_Hieroglyphs", "Common"],
];

/** Tokens of a text in the vocabulary that needs more of them. */
function tokensIn(text: string): number {
  return Math.max(countO200k(text), countCl100k(text));
}

describe("the cost of a text", () => {
  test.each(Object.entries(values))("is hardly ever below its tokens: %s", (_name, value) => {
    const text = JSON.stringify(value);
    expect(tokenCost(text) / tokensIn(text)).toBeGreaterThan(0.93);
    expect(jsonCost(value, Number.POSITIVE_INFINITY) / tokensIn(text)).toBeGreaterThan(0.93);
  });

  test.each(scripts)("is hardly ever below its tokens: random characters of %s", script => {
    const isOfScript = new RegExp(`\\p{Script=${script}}`, "u");
    const characters = assigned.filter(character => isOfScript.test(character));
    const word = () => many(8, () => characters[below(characters.length)]).join("");
    for (const text of [JSON.stringify(many(200, word)), many(200, word).join(" ")])
      expect(tokenCost(text) / tokensIn(text)).toBeGreaterThan(0.93);
  });

  test("stops at a limit, wherever that is", () => {
    const text = "x".repeat(10_000_000);
    expect(tokenCost(text, 100)).toBeLessThan(2_000);
    expect(jsonCost([text, text], 100)).toBeLessThan(2_000);
  });
});

const corpus = path.join(import.meta.dirname, "../../../../shared/corpus");

describe.skipIf(!existsSync(corpus))("files of the corpus (beside the project) as JSON", () => {
  test.each(["github", "stripe", "slack"])("%s: between all of the tokens and half as much again", async folder => {
    const files = (await readdir(path.join(corpus, folder))).filter(file => file.endsWith(".yaml")).slice(0, 10);
    for (const file of files) {
      const value = load(await readFile(path.join(corpus, folder, file), "utf8"));
      const text = JSON.stringify(value);
      for (const cost of [tokenCost(text), jsonCost(value, Number.POSITIVE_INFINITY)]) {
        expect(cost / tokensIn(text), file).toBeGreaterThan(1);
        expect(cost / tokensIn(text), file).toBeLessThan(1.5);
      }
    }
  });
});
