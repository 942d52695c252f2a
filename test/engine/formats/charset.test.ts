import { describe, expect, it } from "vitest";
import { type Body, decode } from "./decode.ts";

const decoded: readonly { what: string; format: string; contentType?: string; body: Body; value: unknown }[] = [
  { what: "UTF-8 where nothing is said", format: "json", body: '"é"', value: "é" },
  {
    what: "UTF-8 by its other name",
    format: "json",
    contentType: "application/json; charset=UTF8",
    body: '"é"',
    value: "é",
  },
  {
    what: "the charset of the content type",
    format: "json",
    contentType: "application/json; charset=ISO-8859-1",
    body: Buffer.from('"é"', "latin1"),
    value: "é",
  },
  {
    what: "a charset in quotes, after other parameters",
    format: "csv",
    contentType: 'text/csv; header=present; Charset="windows-1252"',
    body: Buffer.from([0x61, 0x0a, 0x80]),
    value: [{ a: "€" }],
  },
  {
    what: "a charset of more bytes than one",
    format: "text",
    contentType: "text/plain;charset=shift_jis",
    body: Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
    value: "日本",
  },
  { what: "a byte order mark", format: "json", body: "\ufeff[1]", value: [1] },
  { what: "UTF-16 by its mark", format: "json", body: Buffer.from('\ufeff"é"', "utf16le"), value: "é" },
  {
    what: "big-endian UTF-16 by its mark",
    format: "json",
    body: Buffer.from('\ufeff"é"', "utf16le").swap16(),
    value: "é",
  },
  {
    what: "the mark, whatever the content type says",
    format: "json",
    contentType: "application/json; charset=latin1",
    body: '\ufeff"é"',
    value: "é",
  },
  {
    what: "the encoding that an XML document declares",
    format: "xml",
    body: Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><r>é</r>', "latin1"),
    value: "é",
  },
  {
    what: "the content type's charset, whatever the XML document declares",
    format: "xml",
    contentType: "text/xml; charset=utf-8",
    body: '<?xml version="1.0" encoding="ISO-8859-1"?><r>é</r>',
    value: "é",
  },
  {
    what: "the charset of a page's meta element",
    format: "html",
    body: Buffer.from('<meta charset="latin1"><table><tr><th>é<tr><td>1</table>', "latin1"),
    value: { tables: [[{ é: "1" }]] },
  },
  {
    what: "replacement characters in text",
    format: "text",
    body: Buffer.from([97, 255]),
    value: "a\ufffd",
  },
  { what: "a replacement character that was sent", format: "json", body: '"\ufffd"', value: "\ufffd" },
];

const refused: readonly { what: string; format: string; contentType?: string; body: Body; says: string }[] = [
  ...["json", "xml", "csv", "yaml"].map(format => ({
    what: `bytes that are no UTF-8 as ${format}`,
    format,
    body: Buffer.from([0x22, 0xe9, 0x22]),
    says: "it is not UTF-8 text, and the answer names no other charset",
  })),
  {
    what: "bytes that are not text in the charset",
    format: "json",
    contentType: "application/json; charset=utf-16",
    body: Buffer.from([0x22]),
    says: 'it is not text in the charset "utf-16"',
  },
  {
    what: "a charset that nobody knows",
    format: "text",
    contentType: "text/plain; charset=klingon",
    body: "x",
    says: 'its charset "klingon" is not known',
  },
];

describe("a decoder of text", () => {
  it.each(decoded)("reads $what", async ({ format, body, contentType, value }) => {
    expect(await decode(format, body, { contentType })).toEqual(value);
  });

  it.each(refused)("refuses $what", async ({ format, body, contentType, says }) => {
    await expect(decode(format, body, { contentType })).rejects.toThrow(says);
  });
});
