import { describe, expect, it } from "vitest";
import { fileText, markedFileText } from "../../../src/base/files/file-text.ts";

const utf16 = (text: string) => Buffer.from(text, "utf16le");

describe("fileText()", () => {
  it.each([
    { what: "UTF-8", bytes: Buffer.from("é€😀"), text: "é€😀" },
    { what: "UTF-8 with a byte order mark", bytes: Buffer.from("\ufeffé"), text: "é" },
    { what: "UTF-16 with a mark", bytes: utf16("\ufeffé€😀"), text: "é€😀" },
    { what: "big-endian UTF-16 with a mark", bytes: utf16("\ufeffé€😀").swap16(), text: "é€😀" },
    { what: "one mark of two", bytes: Buffer.from("\ufeff\ufeffa"), text: "\ufeffa" },
    { what: "nothing", bytes: Buffer.alloc(0), text: "" },
    { what: "a mark alone", bytes: utf16("\ufeff"), text: "" },
    { what: "a view", bytes: Buffer.from("xxaxx").subarray(2, 3), text: "a" },
  ])("reads $what", ({ bytes, text }) => {
    expect(fileText(bytes)).toBe(text);
  });

  it.each([
    { what: "UTF-16 without a mark", bytes: utf16("ab"), says: "probably UTF-16 without a byte order mark" },
    { what: "big-endian UTF-16 without a mark", bytes: utf16("ab").swap16(), says: "probably UTF-16 without" },
    { what: "half a character of UTF-16", bytes: utf16("\ufeff\ud800"), says: "it is not UTF-16 text" },
    { what: "another charset", bytes: Buffer.from("é", "latin1"), says: "it is not UTF-8 text" },
  ])("refuses $what", ({ bytes, says }) => {
    expect(() => fileText(bytes)).toThrow(says);
  });
});

describe("markedFileText()", () => {
  it.each([Buffer.from("\ufeffa"), utf16("\ufeffa")])("keeps the mark of %j", bytes => {
    expect(markedFileText(bytes)).toBe("\ufeffa");
  });
});
