import { expect, it } from "vitest";
import type { GivenAnswer } from "../../../src/serving/idempotency/ledger-entry.ts";
import { OwnEntries } from "../../../src/serving/idempotency/own-entries.ts";

const DAY_MS = 86_400_000;

function given(body: Uint8Array): GivenAnswer {
  const answer = { status: 200, headers: {}, body };
  return { kind: "given", fingerprint: "f", status: 200, fields: [], fieldsDigest: "", answer };
}

it.each([
  ["answers", 10_000, 0],
  ["bytes", 64, 1_048_576],
])("OwnEntries forget the oldest of too many %s", (_, most, bytes) => {
  const entries = new OwnEntries();
  const entry = given(new Uint8Array(bytes));
  for (let n = 0; n < most; n++) entries.keep(`${n}`, entry, DAY_MS);
  expect(entries.get("0")).toBe(entry);
  entries.keep("one more", entry, DAY_MS);
  expect(["0", "1", "one more"].map(name => entries.get(name))).toEqual([undefined, entry, entry]);
});

it("OwnEntries forget an answer whose time is over, and refuse too many requests that run", () => {
  const entries = new OwnEntries();
  entries.keep("past", given(new Uint8Array(1)), -1);
  expect(entries.get("past")).toBeUndefined();
  for (let n = 0; n < 2_000; n++) entries.begin(`${n}`, "f");
  expect(() => entries.begin("one more", "f")).toThrow("as many requests with keys as it can");
  entries.end("7");
  entries.begin("one more", "f");
  expect(entries.get("one more")).toEqual({ kind: "running", fingerprint: "f" });
});
