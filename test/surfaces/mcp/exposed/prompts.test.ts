import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { openOffer } from "../../../support/open-offer.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const folder = await temporaryFolder({
  "prompt file.md": "Explain {{topic}} to {{who}}",
  "large.md": "x".repeat(1024 * 1024 + 1),
});
const url = (name: string) => pathToFileURL(path.join(folder, name)).href;

const { offer } = await openOffer(
  `
capability:
  exposes:
    - type: mcp
      port: 0
      namespace: t
      prompts:
        - name: triage
          label: Triage
          description: "Classify\\u202e a ticket"
          arguments:
            - { name: ticket, label: Ticket, description: Ticket text }
            - { name: how-long, required: false }
          template:
            - { role: user, content: "Classify {{ticket}} in {{ how-long }}, {{other}}" }
            - { role: assistant, content: "Yes: {{ticket}}" }
        - { name: file, arguments: [ { name: topic } ], location: ${JSON.stringify(url("prompt file.md"))} }
        - { name: large, location: ${JSON.stringify(url("large.md"))} }
        - { name: absent, location: ${JSON.stringify(url("absent.md"))} }
        - { name: outside, location: "file:///etc/passwd" }
        - { name: triage, template: [ { role: user, content: second } ] }
`,
  "http://127.0.0.1:1",
  { folderRoots: [folder] },
);
const get = async (name: string, given: Record<string, string> = {}) => offer.prompts?.get(name, given);

test("prompts are listed with their arguments, each once", () => {
  expect(offer.prompts?.list).toHaveLength(5);
  expect(offer.prompts?.list[0]).toEqual({
    name: "triage",
    title: "Triage",
    description: "Classify a ticket",
    arguments: [
      { name: "ticket", title: "Ticket", description: "Ticket text", required: true },
      { name: "how-long", title: undefined, description: undefined, required: false },
    ],
  });
});

describe("gaps", () => {
  test.each([
    [
      "every gap of an argument",
      { ticket: "T-1", "how-long": "short" },
      "Classify T-1 in short, {{other}}",
      "Yes: T-1",
    ],
    ["one that is left out stays", { ticket: "T-1" }, "Classify T-1 in {{ how-long }}, {{other}}", "Yes: T-1"],
    ["a gap without an argument", { ticket: "T", other: "o" }, "Classify T in {{ how-long }}, o", "Yes: T"],
    [
      "what is put in is not looked at",
      { ticket: "{{other}}", other: "$& \\1" },
      "Classify {{other}} in {{ how-long }}, $& \\1",
      "Yes: {{other}}",
    ],
  ])("%s", async (_, given, first, second) => {
    expect(await get("triage", given)).toEqual([
      { role: "user", text: first },
      { role: "assistant", text: second },
    ]);
  });

  test("a file is one message of the user", async () => {
    expect(await get("file", { topic: "rain" })).toEqual([{ role: "user", text: "Explain rain to {{who}}" }]);
  });
});

test("an unknown prompt is none", async () => {
  expect(await get("nope")).toBeUndefined();
});

test.each([
  ["triage", {}, "INPUT_MISSING", /argument "ticket" has no value/],
  ["triage", { tickets: "x" }, "INPUT_UNKNOWN", /no argument "tickets"; did you mean "ticket"\?/],
  ["large", {}, "IO_FAILED", /it is larger than/],
  ["absent", {}, "IO_FAILED", /there is no file/],
  ["outside", {}, "IO_FAILED", /is outside/],
])("%s with %j", async (name, given, code, message) => {
  await expect(get(name, given as Record<string, string>)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
