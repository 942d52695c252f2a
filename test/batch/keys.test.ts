import { describe, expect, it } from "vitest";
import { idempotencyKeyOfKey, idempotencyKeyOfRow } from "../../src/batch/idempotency-key.ts";
import { inputsKey } from "../../src/batch/inputs-key.ts";
import { KeySet } from "../../src/batch/key-set.ts";
import { isInShard, parseShard, sizeOfShard } from "../../src/batch/shard.ts";

describe("the Idempotency-Key of a row", () => {
  it("is a UUID, the same for the same run and row, and different for others", () => {
    const keys = [
      idempotencyKeyOfRow("run-1", 1),
      idempotencyKeyOfRow("run-1", 2),
      idempotencyKeyOfRow("run-2", 1),
      idempotencyKeyOfKey("api.op", "1"),
      idempotencyKeyOfKey("api.op", "2"),
      idempotencyKeyOfKey("api.other", "1"),
    ];
    for (const key of keys) expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set(keys).size).toBe(keys.length);
    expect(idempotencyKeyOfRow("run-1", 1)).toBe(keys[0]);
    expect(idempotencyKeyOfKey("api.op", "1")).toBe(keys[3]);
  });
});

describe("inputsKey()", () => {
  it.each<[object, object, boolean]>([
    [{ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 }, true],
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }, true],
    [{ a: 1 }, { a: "1" }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [{ a: 10n ** 20n }, { a: 10n ** 20n + 1n }, false],
  ])("of %o and %o is the same: %s", (one, other, isSame) => {
    expect(inputsKey("api.op", one as never) === inputsKey("api.op", other as never)).toBe(isSame);
  });

  it("is that of one operation", () => {
    expect(inputsKey("api.op", { a: 1 })).not.toBe(inputsKey("api.other", { a: 1 }));
  });
});

describe("KeySet", () => {
  it("tells new texts from those that it has, also after it has grown", () => {
    const keys = new KeySet();
    const texts = Array.from({ length: 20_000 }, (_, index) => `key ${index}`);
    expect(texts.every(text => keys.add(text))).toBe(true);
    expect(texts.some(text => keys.add(text))).toBe(false);
  });
});

describe("parseShard()", () => {
  it.each([
    ["1/1", { index: 1, count: 1 }],
    ["2/3", { index: 2, count: 3 }],
    ["0/3", undefined],
    ["4/3", undefined],
    ["1/0", undefined],
    ["1", undefined],
    ["-1/3", undefined],
    ["1.5/3", undefined],
    ["", undefined],
  ])("reads %j as %j", (text, expected) => {
    expect(parseShard(text)).toEqual(expected);
  });

  it.each([0, 1, 2, 3, 10, 11])("deals %i rows to parts whose sizes it knows", rows => {
    const numbers = Array.from({ length: rows }, (_, index) => index + 1);
    for (const index of [1, 2, 3]) {
      const shard = { index, count: 3 };
      expect(sizeOfShard(shard, rows)).toBe(numbers.filter(row => isInShard(shard, row)).length);
    }
  });
});
