import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { changeFile, replaceText } from "../../../src/base/files/change-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("changeFile()", () => {
  it("loses no change of many at once", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "numbers");
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(numbers.map(number => changeFile(file, (text = "") => `${text}${number}\n`)));
    const written = (await readFile(file, "utf8")).split("\n", 50).map(Number);
    expect(written.sort((one, other) => one - other)).toEqual(numbers);
    expect(await readdir(folder)).toEqual(["numbers"]);
  });

  it("leaves the file where the change fails, and lets the next one have it", async () => {
    const folder = await temporaryFolder({ a: "old" });
    const file = path.join(folder, "a");
    const failing = changeFile(file, () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await changeFile(file, text => `${text}, new`);
    expect(await readFile(file, "utf8")).toBe("old, new");
    expect(await readdir(folder)).toEqual(["a"]);
  });
});

describe("replaceText()", () => {
  it.each([
    { now: "before", expected: "after" },
    { now: "after", expected: "after" },
  ])("writes over the text $now", async ({ now, expected }) => {
    const file = path.join(await temporaryFolder({ a: now }), "a");
    await replaceText(file, "before", "after");
    expect(await readFile(file, "utf8")).toBe(expected);
  });

  it("refuses to write over what somebody else has written meanwhile", async () => {
    const file = path.join(await temporaryFolder({ a: "edited" }), "a");
    await expect(replaceText(file, "before", "after")).rejects.toThrow("it has changed meanwhile");
    expect(await readFile(file, "utf8")).toBe("edited");
  });
});
