import { describe, expect, it } from "vitest";
import { DEFAULT_DECODE_LIMITS } from "../../../src/base/decode-limits.ts";
import { decodeResponse } from "../../../src/engine/response/decode-response.ts";
import { planDecoder } from "../../../src/engine/response/plan-decoder.ts";
import type { Operation } from "../../../src/language/model/types.ts";
import { exchangeOf } from "../../support/exchange.ts";

const decoded: readonly {
  what: string;
  format?: string;
  method?: string;
  status?: number;
  /** Headers of the request. */
  sent?: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  value: unknown;
}[] = [
  { what: "JSON", body: '{"a":[1,null,"é"]}', value: { a: [1, null, "é"] } },
  { what: "JSON that is no object", body: " 5\n", value: 5 },
  { what: "an empty body", body: "", value: null },
  { what: "white space", body: "\r\n\t ", value: null },
  { what: "JSON behind a byte order mark", body: "\ufeff[1]", value: [1] },
  {
    what: "JSON with a member called __proto__",
    body: '{"__proto__":1}',
    value: JSON.parse('{"__proto__":1}'),
  },
  { what: "nothing of a 304 that was asked for", status: 304, sent: { "if-none-match": '"1"' }, body: "", value: null },
  { what: "nothing of a 204, whatever it holds", status: 204, body: "oops", value: null },
  { what: "nothing of HEAD", method: "HEAD", body: "", value: null },
  { what: "text", format: "text", body: " {é\r\n", value: " {é\r\n" },
  { what: "empty text", format: "text", body: "", value: "" },
  { what: "text that is no UTF-8", format: "text", body: new Uint8Array([97, 255]), value: "a\ufffd" },
];

const undecodable: readonly {
  what: string;
  body: string;
  message: string;
}[] = [
  { what: "HTML", body: "<html>", message: 'it is not JSON: unexpected "<" at line 1, column 1' },
  {
    what: "JSON that is cut off",
    body: '{"a":\n',
    message: "it is not JSON: the text ends at line 2, column 1",
  },
];

const errors: readonly { what: string; contentType?: string; bytes: Uint8Array; body: unknown }[] = [
  {
    what: "ISO-8859-1",
    contentType: "application/json; charset=ISO-8859-1",
    bytes: Buffer.from('{"a":"é"}', "latin1"),
    body: { a: "é" },
  },
  {
    what: "UTF-16 by its name",
    contentType: "application/json; charset=utf-16le",
    bytes: Buffer.from('{"a":"é"}', "utf16le"),
    body: { a: "é" },
  },
  { what: "UTF-16 by its mark", bytes: Buffer.from('\ufeff{"a":"é"}', "utf16le"), body: { a: "é" } },
  {
    what: "windows-1252",
    contentType: "text/plain; charset=windows-1252",
    bytes: Buffer.from([0x80, 0x35]),
    body: "€5",
  },
  {
    what: "Shift_JIS",
    contentType: "text/plain;charset=Shift_JIS",
    bytes: Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
    body: "日本",
  },
  {
    what: "an XML declaration",
    contentType: "text/xml",
    bytes: Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><e>é</e>', "latin1"),
    body: '<?xml version="1.0" encoding="ISO-8859-1"?><e>é</e>',
  },
  {
    what: "a page",
    contentType: "text/html",
    bytes: Buffer.from('\n<html><meta charset="iso-8859-1"><p>é', "latin1"),
    body: '\n<html><meta charset="iso-8859-1"><p>é',
  },
  { what: "bytes that are no text", bytes: Buffer.from([0x61, 0xff]), body: "a\ufffd" },
  {
    what: "a charset that nobody knows",
    contentType: "text/plain; charset=klingon",
    bytes: Buffer.from("é"),
    body: "é",
  },
];

describe("decodeResponse()", () => {
  it.each(errors)("gives the body of an error in its charset: $what", async ({ contentType, bytes, body }) => {
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    await expect(decode({ bytes, status: 400, headers })).rejects.toMatchObject({ details: { body } });
  });

  it.each(decoded)("gives $what", async ({ body, value, status = 200, sent, format = "json", method = "GET" }) => {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    expect(await decode({ bytes, status, sent, format, method })).toEqual(value);
  });

  it("reads the view, not the buffer behind it", async () => {
    const bytes = new Uint8Array(Buffer.from("xx[1]yy")).subarray(2, 5);
    expect(await decode({ bytes })).toEqual([1]);
  });

  it.each(undecodable)("refuses $what", async ({ body, message }) => {
    await expect(decode({ bytes: Buffer.from(body) })).rejects.toThrow(
      expect.objectContaining({
        code: "RESPONSE_INVALID",
        message: expect.stringContaining(message),
        details: { operation: "op", format: "json", status: 200, body },
      }),
    );
  });

  it("shows the beginning of a long body only", async () => {
    const bytes = Buffer.from(`<${"x".repeat(10_000)}`);
    await expect(decode({ bytes })).rejects.toThrow(
      expect.objectContaining({ details: expect.objectContaining({ body: `<${"x".repeat(1_999)}` }) }),
    );
  });

  it.each([400, 404, 500, 599])("throws %d", async status => {
    await expect(decode({ bytes: Buffer.from("{}"), status })).rejects.toThrow(
      expect.objectContaining({ code: "HTTP_STATUS" }),
    );
  });
});

interface Answer {
  readonly bytes: Uint8Array;
  readonly status?: number;
  readonly format?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sent?: Readonly<Record<string, string>> | undefined;
}

const CONTEXT = { exchange: exchangeOf(), decoding: DEFAULT_DECODE_LIMITS };

async function decode({
  bytes,
  status = 200,
  format = "json",
  method = "GET",
  headers = {},
  sent = {},
}: Answer): Promise<unknown> {
  const operation = operationOf(format, method);
  const request = { method, url: "https://api.test/", headers: sent };
  const response = { status, statusText: "", headers, body: bytes };
  return decodeResponse(operation, request, response, await planDecoder(operation)(), CONTEXT);
}

function operationOf(rawFormat: string, method: string): Operation {
  return {
    adapter: {
      namespace: "api",
      description: undefined,
      baseUri: { kind: "empty", text: "" },
      baseUriOrigin: undefined,
      baseUriInputs: [],
      authentication: undefined,
      get bare() {
        return operationOf(rawFormat, method);
      },
      folder: undefined,
      pointer: "",
    },
    resource: "r",
    name: "op",
    method,
    path: "/",
    reference: "op",
    tags: [],
    label: undefined,
    description: undefined,
    pathParts: [],
    queryParts: [],
    baseUriSources: new Map(),
    parameters: [],
    body: undefined,
    inputs: new Map(),
    rawFormat,
    outputSchema: undefined,
    outputs: undefined,
    pointer: "",
    aliases: [],
    sending: {},
    pagination: undefined,
  };
}
