import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { SecretMask } from "../../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../../src/engine/open.ts";
import { offerOfAdapter } from "../../../../src/surfaces/mcp/exposed/offer-of-adapter.ts";
import type { McpOffer } from "../../../../src/surfaces/mcp/offer.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../../../src/tools/answer/answers.ts";
import type { Tool } from "../../../../src/tools/tool.ts";

/** Published files are not a part of this project: they are read where they stand beside it. */
const FOLDER = path.resolve(import.meta.dirname, "../../../../../shared/corpus");
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter(name => /\.ya?ml$/.test(name))
  : [];

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Names of properties that every model takes. */
const PROPERTY = /^[A-Za-z0-9_.-]{1,64}$/;

/** One file of so many has its schemas compiled: that takes most of the time. All of them did, once. */
const SAMPLED = 12;
const checkers = [new Ajv2020({ validateFormats: false }), new Ajv({ validateFormats: false, strict: false })];

describe.skipIf(files.length === 0)("published files", () => {
  it("offer tools that clients and models take", async () => {
    const found = { servers: 0, tools: 0, inputs: 0 };
    const wrong: string[] = [];
    for (const [index, file] of files.entries()) {
      for (const offer of await offersOf(file)) {
        found.servers += 1;
        const names = new Set(offer.tools.map(({ name }) => name));
        if (names.size < offer.tools.length) wrong.push(`${file}: a name is there twice`);
        for (const tool of offer.tools) {
          found.tools += 1;
          found.inputs += Object.keys(tool.inputSchema["properties"] as object).length;
          wrong.push(...problemsOf(tool, index % SAMPLED === 0).map(problem => `${file}: ${tool.name}: ${problem}`));
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(found).toEqual({ servers: 456, tools: 2914, inputs: 8463 });
  });
});

async function offersOf(file: string): Promise<McpOffer[]> {
  const runtime = await openRuntime(path.join(FOLDER, file), { env: {} }, { cwd: FOLDER, secrets: new SecretMask() });
  const settings = { answers: new Answers(DEFAULT_ANSWER_SETTINGS), report: () => {} };
  return runtime.exposed.adapters.flatMap(adapter =>
    adapter.type === "mcp" ? [offerOfAdapter(adapter, runtime, settings)] : [],
  );
}

function problemsOf(
  { name, description, inputSchema, outputSchema, writtenSchema }: Tool,
  isCompiled: boolean,
): string[] {
  const problems: string[] = [];
  if (!NAME.test(name)) problems.push("the name");
  if (description === undefined) problems.push("no description");
  // None of the files declares an input of a tool, or a member of an output.
  if (writtenSchema !== undefined && Object.keys(writtenSchema["properties"] as object).length > 0)
    problems.push("a written schema");
  if (outputSchema !== undefined) problems.push("an output schema");
  if (inputSchema["type"] !== "object" || inputSchema["additionalProperties"] !== false)
    problems.push("an open schema");
  for (const property of Object.keys(inputSchema["properties"] as object))
    if (!PROPERTY.test(property)) problems.push(`the property ${property}`);
  for (const checker of isCompiled ? checkers : []) {
    try {
      checker.compile(inputSchema);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return problems;
}
