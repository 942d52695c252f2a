import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import { startSandbox } from "../../src/surfaces/sandbox/sandbox.ts";
import { type Block, fileNameOf, normalise, readBlocks, root, Workplace } from "./page.ts";

// Executes every block of every page, in order, as its reader would, in a folder for the page alone:
// - `sh`: run; a `text` block right behind it is what a terminal shows then, "…" on a line of its own for anything.
// - any other block whose first line is a comment with a file name: saved under that name.
// - `figure`: nothing to do.
// A block of another kind fails. In place of Clerk's API, a sandbox answers. A page that starts a Redis is skipped where
// there is none.
const pages = [
  "README.md",
  "examples/README.md",
  ...readdirSync(path.join(root, "docs"))
    .filter(name => name.endsWith(".md"))
    .sort()
    .map(name => `docs/${name}`),
];

const SEED = { "/api_keys": [{ id: "ak_1", name: "ci", subject: "user_1" }] };

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

describe.each(pages)("%s", page => {
  const markdown = readFileSync(path.join(root, page), "utf8");
  const blocks = readBlocks(markdown);
  const isSkipped = !hasRedis && /^redis-server /m.test(markdown);
  let place: Workplace;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const file = path.join(root, "capabilities", "clerk-backend-api-api-keys.yaml");
    const { model } = await openRuntime(file, {}, { cwd: root, secrets: new SecretMask() });
    const sandbox = await startSandbox({ capabilities: [model], seed: SEED });
    stop = () => sandbox.close();
    place = await Workplace.create(markdown, [...sandbox.baseUris.values()][0] ?? "");
  });

  afterAll(async () => {
    await place?.close();
    await stop?.();
  });

  test("closes every block", () => {
    expect(markdown.match(/^```/gm)?.length ?? 0).toBe(blocks.length * 2);
  });

  for (const [index, block] of blocks.entries()) {
    if (block.language === "text" && blocks[index - 1]?.language === "sh") continue;
    test.skipIf(isSkipped)(`line ${block.line}: ${block.text.split("\n", 1)[0]}`, async () => {
      await perform(block, blocks[index + 1]);
    });
  }

  async function perform(block: Block, next: Block | undefined): Promise<void> {
    const name = fileNameOf(block);
    if (name !== undefined) await place.save(name, block.text);
    else if (block.language === "sh") {
      const expected = next?.language === "text" ? next.text : undefined;
      const output = await place.run(block.text, expected?.split("\n").length ?? 1);
      if (expected !== undefined) expectOutput(output, expected);
    } else if (block.language !== "figure") {
      throw new Error(`This test does not know what to do with a block of language "${block.language}"`);
    }
  }
});

function expectOutput(output: string, expected: string): void {
  const actual = `${normalise(output)}\n`;
  const parts = `${normalise(expected)}\n`.split(/^…\n/m);
  if (parts.length === 1) {
    expect(actual).toBe(parts[0]);
    return;
  }
  const pattern = parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(?:.*\\n)*");
  expect(actual).toMatch(new RegExp(`^${pattern}$`));
}
