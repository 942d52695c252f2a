import path from "node:path";
import { describe, expect, it } from "vitest";
import { kinds } from "../../../src/engine/kinds.ts";
import { readDocument } from "../../../src/language/document/read-document.ts";
import { resolveDocument } from "../../../src/language/document/resolve-document.ts";
import { requireValid } from "../../../src/language/validation/validate.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Lines of a file, the line and column of the finding, and whether it asks for quotes. */
const CASES: readonly (readonly [line: string, value: string, asks: boolean])[] = [
  ["token", "{{BOOK_TOKEN}}", true],
  ["token", "{BOOK_TOKEN}", true],
  ["token", "{{BOOK_TOKEN}} x", true],
  ["token", "[a, b]", false],
  ["baseUri", "{x}.example.com", true],
  ["baseUri", "{{x}}", true],
  ["path", "{id}", true],
  ["path", "{id}/x", true],
  ["value", "{{BOOK_TOKEN}}", true],
  ["value", "{ a: 1 }", false],
  ["value", '"x" y', false],
];

const TEXT: Readonly<Record<string, string>> = {
  baseUri: "https://api.test",
  token: "x",
  path: "/x",
  value: "y",
};

async function problem(key: string, value: string): Promise<unknown> {
  const given = { ...TEXT, [key]: value };
  const folder = await temporaryFolder({
    "books.yaml": `naftiko: 1.0.0-alpha3
capability:
  consumes:
  - type: http
    namespace: books
    baseUri: ${given["baseUri"]}
    authentication:
      type: bearer
      token: ${given["token"]}
    resources:
    - name: r
      path: ${given["path"]}
      operations:
      - name: op
        method: GET
        inputParameters:
        - name: a
          in: query
          value: ${given["value"]}
`,
  });
  const file = path.join(folder, "books.yaml");
  try {
    await requireValid(await resolveDocument(await readDocument(file)), kinds);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("braces without quotes", () => {
  it.each(CASES)("%s: %s", async (key, value, asks) => {
    const error = (await problem(key, value)) as { details: { diagnostics: { message: string; source: unknown }[] } };
    const line = { baseUri: 6, token: 9, path: 12, value: 19 }[key];
    const [found] = error.details.diagnostics;
    expect(found).toMatchObject({ source: { line } });
    if (asks) expect(found?.message).toMatch(/a text with braces needs quotes$/);
    else expect(found?.message).not.toContain("quotes");
  });
});
