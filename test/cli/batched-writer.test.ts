import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { BatchedWriter } from "../../src/cli/batched-writer.ts";
import { printData } from "../../src/cli/printed-text.ts";

function open({ isSlow = false } = {}): { writer: BatchedWriter; written: string[]; waits: () => number } {
  const written: string[] = [];
  let waits = 0;
  const writer = new BatchedWriter({
    write: data => {
      written.push(String(data));
      return !isSlow;
    },
    written: async () => {
      waits++;
    },
  });
  return { writer, written, waits: () => waits };
}

const line = (text: string) => printData(`${text}\n`, {});

it("A batched writer writes what comes in one turn at once, and nothing later than that", async () => {
  const { writer, written } = open();
  for (const text of ["a", "b", "é"]) writer.write(line(text));
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(["a\nb\né\n"]);
  writer.write(line("c"));
  writer.flush();
  await nextTurn();
  expect(written).toEqual(["a\nb\né\n", "c\n"]);
});

it("A batched writer writes a hundred thousand items of one turn in few pieces, and waits for a slow reader", async () => {
  const { writer, written, waits } = open({ isSlow: true });
  for (let item = 0; item < 100_000; item++) await writer.write(line("12345"));
  writer.flush();
  expect(written.join("")).toBe("12345\n".repeat(100_000));
  expect(written.length).toBeLessThanOrEqual(11);
  expect(waits()).toBeGreaterThanOrEqual(8);
});
