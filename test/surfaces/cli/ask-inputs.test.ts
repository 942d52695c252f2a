import path from "node:path";
import { describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { missingShell, ShellTerminal } from "../../support/shell-terminal.ts";

const COMMAND = process.env["NAFTIKO_COMMAND"] ?? path.resolve(import.meta.dirname, "../../../dist/naftiko.cjs");
const DOWN = "\u001b[B";

const SHOP = capabilityText({
  namespace: "shop",
  baseUri: "https://shop.example/v1",
  operations: [
    {
      name: "getPet",
      method: "GET",
      path: "/pets/{petId}",
      inputParameters: [
        { name: "petId", in: "path", type: "integer", required: true, description: "Which\u001b[31m pet" },
        { name: "state", in: "query", type: "string", required: true, enum: ["new", "old"] },
        { name: "sold", in: "query", type: "boolean", required: true },
      ],
    },
    {
      name: "logIn",
      method: "POST",
      path: "/log-in",
      inputParameters: [{ name: "password", in: "query", type: "string", required: true }],
    },
    {
      name: "addPet",
      method: "POST",
      path: "/pets",
      inputParameters: [{ name: "body", in: "body", type: "object", required: true }],
    },
  ],
});

const FILES = { "capabilities/shop.yaml": SHOP, "pet.json": '{"name":"Ada"}' };

/** A command line; for each question the text that shows it, and the keys that answer it; then what is shown in the end. */
const CASES: readonly {
  readonly typed: string;
  readonly questions: readonly (readonly [shown: string, keys: string])[];
  readonly shown: string;
  readonly not?: string;
}[] = [
  {
    typed: "getPet --dry-run",
    questions: [
      ["petId (path, integer): Which", "12\r"],
      ["state (query, string)", `${DOWN}\r`],
      ["sold (query, boolean)", "\r"],
    ],
    shown: "GET https://shop.example/v1/pets/12?state=old&sold=true",
  },
  {
    typed: "getPet --dry-run --state new --sold false",
    questions: [
      ["petId (path, integer)", "x\r"],
      ['must be an integer, found "x"', "\u007f7\r"],
    ],
    shown: "GET https://shop.example/v1/pets/7?state=new&sold=false",
  },
  {
    typed: 'getPet --dry-run --inputs \'{"state":"new","sold":true}\'',
    questions: [["petId (path, integer)", "7\r"]],
    shown: "GET https://shop.example/v1/pets/7?state=new&sold=true",
  },
  {
    typed: "logIn --dry-run --show-secrets > out.txt; cat out.txt | tr a-z A-Z",
    questions: [["password (query, string)", "hidden-word\r"]],
    shown: "HIDDEN-WORD",
    not: "hidden-word",
  },
  {
    typed: "addPet --dry-run",
    questions: [
      ["body (body, object, JSON or @file)", "{\r"],
      ["is not JSON", '\u007f{"name":"Rex"}\r'],
    ],
    shown: '{"name":"Rex"}',
  },
  { typed: "addPet --dry-run", questions: [["body (body", "@pet.json\r"]], shown: '{"name":"Ada"}' },
  { typed: "addPet --dry-run; echo code $?", questions: [["body (body", "\u0003"]], shown: "code 130" },
  { typed: "addPet --no-input; echo code $?", questions: [], shown: "code 2" },
  { typed: "addPet --bodi 1; echo code $?", questions: [], shown: "code 2" },
  { typed: "addPet </dev/null; echo code $?", questions: [], shown: "code 2" },
  { typed: "addPet 2>/dev/null; echo code $?", questions: [], shown: "code 2" },
  { typed: "addPet; echo code $?; # CI", questions: [], shown: "code 2" },
];

const missing = missingShell("bash");

describe.skipIf(missing !== undefined)(`a terminal asks for missing inputs${missing ? ` (${missing})` : ""}`, () => {
  it.each(CASES)("naftiko run shop $typed", async ({ typed, questions, shown, not }) => {
    const terminal = await ShellTerminal.start("bash", { command: COMMAND, files: FILES });
    terminal.type(`${typed.endsWith("# CI") ? "CI=1 " : ""}naftiko run shop ${typed}\r`);
    for (const [question, keys] of questions) {
      await terminal.waitFor(question);
      terminal.type(keys);
    }
    await terminal.waitFor(shown);
    if (not !== undefined) expect(terminal.shown()).not.toContain(not);
    await terminal.close();
  });
});
