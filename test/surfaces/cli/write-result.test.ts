import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../../src/surfaces/cli/command-context.ts";
import { writeResults } from "../../../src/surfaces/cli/write-result.ts";

/** Writes items that arrive together, and gives each text that was written, and what it failed with. */
async function write(items: readonly unknown[]) {
  const written: string[] = [];
  const stdout = {
    isTTY: false,
    columns: 0,
    write(data: unknown) {
      written.push(String(data));
      return true;
    },
  };
  async function* arriving() {
    yield items;
  }
  const options = { select: undefined, output: undefined };
  const failure: unknown = await writeResults(arriving(), options, { stdout } as unknown as CommandContext).catch(
    error => error,
  );
  return { written, failure };
}

describe("writeResults()", () => {
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
