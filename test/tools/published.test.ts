import { existsSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { capabilitiesBelow } from "../../src/language/document/capabilities-below.ts";
import { exampleOf } from "../../src/surfaces/mcp/search/example-of.ts";
import { startSandbox } from "../../src/surfaces/sandbox/sandbox.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../src/tools/answer/answers.ts";
import { toolsOfOperations } from "../../src/tools/operation-tools.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { QUIET_CONTEXT, textOf } from "../support/tool-answers.ts";

/** The published files are not a part of this project: they are looked at where they stand beside it. */
const FOLDER = path.resolve(import.meta.dirname, "../../../shared/corpus");
const files = existsSync(FOLDER) ? capabilitiesBelow(FOLDER, () => {}).map(file => path.join(FOLDER, file)) : [];
/** Variables without a value would keep operations from being called. */
const env = new Proxy({} as Record<string, string>, {
  get: (_, name) => (typeof name === "string" && /^[A-Z][A-Z0-9_]*$/.test(name) ? "example" : undefined),
  has: () => true,
});

describe.skipIf(files.length === 0)("operations of published files as tools (needs ../shared/corpus)", () => {
  const runtimes: Runtime[] = [];
  let tools: readonly Tool[] = [];

  beforeAll(async () => {
    const secrets = new SecretMask();
    for (const file of files) runtimes.push(await openRuntime(file, { env: {} }, { cwd: FOLDER, secrets }));
    const offered = runtimes.map(runtime => ({ runtime, operations: runtime.model.operations }));
    tools = toolsOfOperations(offered, new Answers(DEFAULT_ANSWER_SETTINGS));
  }, 60_000);

  test("have names that all clients take, each once", () => {
    expect(tools.length).toBe(runtimes.reduce((sum, { model }) => sum + model.operations.length, 0));
    expect(tools.filter(({ name }) => !/^[A-Za-z0-9_-]{1,64}$/.test(name))).toEqual([]);
    expect(new Set(tools.map(({ name }) => name.toLowerCase())).size).toBe(tools.length);
  });

  test("have schemas that strict checkers take", () => {
    const ajv = new Ajv2020({ strict: true, validateFormats: false });
    const faulty = tools.filter(({ inputSchema, outputSchema }) => {
      try {
        // Compiling thousands of them takes long: most are alike in form.
        return !ajv.validateSchema(inputSchema) || (outputSchema !== undefined && !ajv.validateSchema(outputSchema));
      } catch {
        return true;
      }
    });
    expect(faulty.map(({ name }) => name)).toEqual([]);
    for (const { inputSchema } of tools.filter((_, at) => at % 20 === 0)) ajv.compile({ ...inputSchema });
    const names = tools.flatMap(({ inputSchema }) => Object.keys(inputSchema["properties"] as object));
    expect(names.filter(name => !/^[A-Za-z0-9_.-]{1,64}$/.test(name))).toEqual([]);
  });

  test("can be called", { timeout: 60_000 }, async () => {
    const outcomes = { done: 0, refused: [] as string[] };
    for (const file of files.filter((_, at) => at % 9 === 0)) {
      const surroundings = { cwd: FOLDER, secrets: new SecretMask(), bindValues: anyValues };
      const own = await openRuntime(file, { env }, surroundings);
      const sandbox = await startSandbox({ capabilities: [own.model] });
      try {
        const baseUri = Object.fromEntries(sandbox.baseUris);
        const runtime = await openRuntime(file, { env, baseUri, retries: 0 }, surroundings);
        const operations = runtime.model.operations.slice(0, 4);
        for (const tool of toolsOfOperations([{ runtime, operations }], new Answers(DEFAULT_ANSWER_SETTINGS))) {
          const given = exampleOf(tool.inputSchema) as Record<string, unknown>;
          const answer = await tool.call(given, QUIET_CONTEXT);
          // A sandbox has nothing of the name yet, or asks for members that only the API knows.
          if (!answer.isError || /HTTP 4(?:04|09|22)/.test(textOf(answer))) outcomes.done++;
          else outcomes.refused.push(`${runtime.name} ${tool.name}: ${textOf(answer)}`);
        }
        await runtime.close();
      } finally {
        await sandbox.close();
        await own.close();
      }
    }
    expect(outcomes.refused).toEqual([]);
    expect(outcomes.done).toBeGreaterThan(150);
  });
});

const anyValues: ReadonlyMap<string, string> = new Proxy(new Map<string, string>(), {
  get: (target, name) =>
    name === "get" ? () => "example-value" : name === "has" ? () => true : Reflect.get(target, name),
});
