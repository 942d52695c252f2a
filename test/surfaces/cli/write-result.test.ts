import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../../src/surfaces/cli/command-context.ts";
import { createItemWriter } from "../../../src/surfaces/cli/item-writer.ts";
import { writeResults } from "../../../src/surfaces/cli/write-result.ts";

type Write = (items: readonly unknown[], context: CommandContext) => Promise<void>;

const OPTIONS = { select: undefined, output: undefined, noColor: false };

/** Writes items that arrive together, and gives each text that was written, and what it failed with. */
async function collect(write: Write, items: readonly unknown[]) {
  const written: string[] = [];
  const stdout = {
    isTTY: false,
    columns: 0,
    write(data: unknown) {
      written.push(String(data));
      return true;
    },
  };
  const failure: unknown = await write(items, { stdout, env: {} } as unknown as CommandContext).catch(error => error);
  return { written, failure };
}

const WRITERS: readonly { readonly by: string; readonly writer: Write }[] = [
  {
    by: "writeResults()",
    async writer(items, context) {
      async function* arriving() {
        yield items;
      }
      await writeResults(arriving(), OPTIONS, context);
    },
  },
  {
    by: "the writer of a page's items",
    writer: async (items, context) => (await createItemWriter(OPTIONS, context)).write(items),
  },
];

describe.each(WRITERS)("$by", ({ writer }) => {
  const write = (items: readonly unknown[]) => collect(writer, items);

  it("writes items that arrive together at once", async () => {
    expect(await write([{ a: 1 }, "b"])).toEqual({ written: ['{"a":1}\n"b"\n'], failure: undefined });
  });

  it("writes the items before one that cannot be printed", async () => {
    const endless = Array.from({ length: 200 }, () => "x".repeat(1024 * 1024));
    const { written, failure } = await write([{ a: 1 }, { a: 2 }, endless, { a: 3 }]);
    expect(failure).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    expect(written).toEqual(['{"a":1}\n{"a":2}\n']);
  });

  it("writes long items apart: together they may be longer than a text can be", async () => {
    const long = "x".repeat(100_000);
    const { written } = await write([long, long, "y"]);
    expect(written).toEqual([`"${long}"\n`, `"${long}"\n`, '"y"\n']);
  });
});
