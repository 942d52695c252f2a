import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { BatchFiles } from "../../../src/batch/journal/journal-files.ts";
import type { JournalHeader } from "../../../src/batch/journal/journal-header.ts";
import { openJournal } from "../../../src/batch/journal/open-journal.ts";
import type { EndedRow } from "../../../src/batch/row.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HEADER: JournalHeader = {
  source: "5e0c",
  capability: "ca9a",
  operation: "demo.add",
  options: { "--map": "id=number" },
  order: "finished",
  splitsFailed: true,
  firstRow: 1,
  rowStep: 1,
};

const ROWS: readonly EndedRow[] = [
  { row: 2, key: "b", status: 200, outputs: { name: "böse\n" }, attempts: 1, ms: 1.5, inputs: { id: 2 } },
  {
    row: 1,
    key: "a",
    status: "NETWORK",
    outputs: null,
    attempts: 3,
    ms: 20,
    error: { code: "NETWORK", message: "gone" },
    inputs: { id: 1 },
  },
  { row: 3, key: "c", status: 201, outputs: 12345678901234567890n, attempts: 1, ms: 2, inputs: { id: 3 } },
  {
    row: 4,
    key: null,
    status: "INPUT_INVALID",
    outputs: null,
    attempts: 0,
    ms: 0,
    error: { code: "INPUT_INVALID", message: "no" },
    inputs: null,
    line: 5,
  },
];

const LINES = {
  1: '{"row":1,"key":"a","status":"NETWORK","outputs":null,"attempts":3,"ms":20,"error":{"code":"NETWORK","message":"gone"},"inputs":{"id":1}}\n',
  2: '{"row":2,"key":"b","status":200,"outputs":{"name":"böse\\n"},"attempts":1,"ms":1.5}\n',
  3: '{"row":3,"key":"c","status":201,"outputs":12345678901234567890,"attempts":1,"ms":2}\n',
  4: '{"row":4,"key":null,"status":"INPUT_INVALID","outputs":null,"attempts":0,"ms":0,"error":{"code":"INPUT_INVALID","message":"no"},"line":5,"inputs":null}\n',
} as const;

/** Names of files in a new folder. */
async function newFiles(): Promise<BatchFiles> {
  const folder = await temporaryFolder({});
  return { out: path.join(folder, "out.jsonl"), failed: path.join(folder, "failed.jsonl"), source: undefined };
}

/** Runs a batch that ends all rows, and returns the content of its files. */
async function runAll(files: BatchFiles, header: JournalHeader = HEADER) {
  const journal = await openJournal(files, header, { resume: false });
  await Promise.all(ROWS.map(row => journal.add(row)));
  await journal.finish();
  return contentOf(files);
}

async function contentOf({ out, failed }: BatchFiles) {
  const read = (file: string) => readFile(file, "utf8");
  return { out: await read(out), failed: await read(failed ?? out), journal: await read(`${out}.journal`) };
}

describe("openJournal()", () => {
  it.each([
    { order: "finished", out: LINES[2] + LINES[3], failed: LINES[1] + LINES[4] },
    { order: "rows", out: LINES[2] + LINES[3], failed: LINES[1] + LINES[4] },
  ] as const)("writes rows to the outputs in the order of $order", async ({ order, out, failed }) => {
    const files = await newFiles();
    const content = await runAll(files, { ...HEADER, order });
    expect(content).toMatchObject({ out, failed });
    expect(content.journal.split("\n").length - 1).toBe(ROWS.length + 2);
  });

  it("keeps failed rows in the output where they have no file, without their inputs", async () => {
    const files = { ...(await newFiles()), failed: undefined };
    const { out } = await runAll(files, { ...HEADER, splitsFailed: false, order: "rows" });
    const short = (line: string) => line.replace(/(?:,"line":5)?,"inputs":[^}]*\}?(\}\n)$/, "$1");
    expect(out).toBe(short(LINES[1]) + LINES[2] + LINES[3] + short(LINES[4]));
  });

  it("goes on at a resume", async () => {
    const files = await newFiles();
    const first = await openJournal(files, HEADER, { resume: true });
    for (const row of ROWS.slice(0, 2)) await first.add(row);
    await first.close();
    const second = await openJournal(files, HEADER, { resume: true });
    expect(second).toMatchObject({ runId: first.runId, isFinished: false, before: { rows: 2, failed: 1 }, notes: [] });
    expect([1, 2, 3, 4].map(row => second.isDone(row))).toEqual([true, true, false, false]);
    for (const row of ROWS) await second.add(row);
    await second.finish();
    expect(await contentOf(files)).toMatchObject({ out: LINES[2] + LINES[3], failed: LINES[1] + LINES[4] });
    const third = await openJournal(files, HEADER, { resume: true });
    expect(third).toMatchObject({ isFinished: true, before: { rows: 4, failed: 2 } });
    expect([...third.before.byStatus]).toEqual([
      ["200", 1],
      ["NETWORK", 1],
      ["201", 1],
      ["INPUT_INVALID", 1],
    ]);
    await third.finish();
  });

  it.each(["out.jsonl", "failed.jsonl", "out.jsonl.journal"])("refuses to write over %s", async name => {
    const files = await newFiles();
    const there = path.join(path.dirname(files.out), name);
    await writeFile(there, "");
    await expect(openJournal(files, HEADER, { resume: false })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      details: { reason: "exists", path: there },
    });
  });
});
