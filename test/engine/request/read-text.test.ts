import { describe, expect, it } from "vitest";
import { ExactNumber } from "../../../src/base/numbers/exact-number.ts";
import { kinds } from "../../../src/engine/kinds.ts";
import { readText, type TextForm, textForm } from "../../../src/engine/request/read-text.ts";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import type { InputType } from "../../../src/language/document/input-schema.ts";
import { compile } from "../../../src/language/model/compile.ts";
import type { Input, Operation } from "../../../src/language/model/types.ts";
import { documentOf, operationText } from "../../support/open-text.ts";

const texts: readonly {
  readonly type: InputType;
  readonly in?: Input["in"];
  readonly name?: string;
  readonly form?: TextForm;
  readonly text: string;
  /** The value, or what the error says. */
  readonly gives: unknown;
}[] = [
  { type: "string", text: "00123", gives: "00123" },
  { type: "string", text: "[1]", gives: "[1]" },
  { type: "any", text: "5", gives: "5" },
  { type: "any", in: "body", text: "5", gives: 5 },
  { type: "any", in: "body", text: "{", gives: "{" },
  { type: "number", text: "1.5", gives: 1.5 },
  { type: "number", text: "1.50", gives: new ExactNumber("1.50") },
  { type: "number", text: "0x10", gives: "0x10" },
  { type: "number", text: "1e999", gives: new ExactNumber("1e999") },
  { type: "integer", text: "9007199254740993", gives: 9007199254740993n },
  { type: "integer", text: "007", gives: "007" },
  { type: "integer", text: "1.5", gives: "1.5" },
  { type: "boolean", text: "false", gives: false },
  { type: "boolean", text: "no", gives: "no" },
  { type: "array", text: '["a",2]', gives: ["a", 2] },
  { type: "array", text: "a", gives: /^is not JSON: .*1/ },
  { type: "object", text: '{"a":[1]}', gives: { a: [1] } },
  { type: "object", text: '{"a":}', gives: /^is not JSON: .*column 6/ },
  { type: "object", in: "body", text: '"x"', gives: '"x"' },
  { type: "object", in: "body", name: "body", text: "[1]", gives: [1] },
  { type: "any", in: "body", name: "body", text: "x", gives: /^is not JSON/ },
  { type: "object", in: "body", name: "body", form: "body", text: "<a/>", gives: "<a/>" },
  { type: "object", in: "body", name: "body", form: "body", text: '{"a":1}', gives: { a: 1 } },
  { type: "object", in: "body", name: "body", form: "body", text: "null", gives: "null" },
  { type: "string", in: "body", name: "body", form: "body", text: '{"a":1}', gives: '{"a":1}' },
  { type: "number", in: "body", form: "part", text: "5", gives: "5" },
  { type: "integer", in: "body", text: "null", gives: null },
  { type: "boolean", in: "body", text: "null", gives: null },
  { type: "object", in: "body", text: "null", gives: null },
  { type: "string", in: "body", text: "null", gives: "null" },
  { type: "integer", text: "null", gives: "null" },
];

describe("readText()", () => {
  it.each(texts)("reads $text for $type in $in as $gives", ({ text, form = "value", gives, ...of }) => {
    const input: Input = { key: "x", name: "x", in: "query", required: false, pointer: "", ...of };
    const read = () => readText(input, form, text, true, problem => new Error(problem));
    if (gives instanceof RegExp) expect(read).toThrow(gives);
    else expect(read()).toEqual(gives);
  });

  it.each(["array", "number"] as const)("leaves a text that is one of several for %s", type => {
    const input: Input = { key: "x", name: "x", in: "query", type, required: false, pointer: "" };
    expect(readText(input, "value", "1", false, problem => new Error(problem))).toBe("1");
  });
});

const forms: readonly {
  readonly input: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly form: TextForm;
}[] = [
  { input: "{ name: a, in: query, type: object }", form: "value" },
  { input: "{ name: a, in: body }", form: "value" },
  { input: "{ name: body, in: body, type: object }", form: "value" },
  { input: "{ name: body, in: body, type: string }", form: "body" },
  { input: "{ name: body, in: body, type: object }", contentType: "application/xml", form: "body" },
  { input: "{ name: a, in: body }", contentType: "multipart/form-data", form: "part" },
  { input: "{ name: a, in: body, type: array }", contentType: "multipart/form-data", form: "value" },
  { input: "{ name: a, in: query }", contentType: "multipart/form-data", form: "value" },
  {
    input: "{ name: a, in: body }",
    body: "{ type: multipartForm, data: [{ name: f, value: '{{a}}' }] }",
    form: "part",
  },
  {
    input: "{ name: body, in: body, type: string }",
    body: "{ type: text, data: '{{body}}' }",
    form: "value",
  },
];

describe("textForm()", () => {
  it.each(forms)("of $input with $contentType and $body is $form", ({ input, body, contentType, form }) => {
    const declared = body === undefined ? "" : `body: ${body}\n`;
    const text = operationText(`${declared}inputParameters: [${input}]`, { method: "POST" });
    const document = documentOf(text) as CapabilityDocument;
    const [operation] = compile("api", document, { kinds, impliedAuthentication: true }).operations as [Operation];
    const [first] = operation.inputs.values();
    expect(textForm(operation, first as Input, contentType)).toBe(form);
  });
});
