import { appendFile, copyFile, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
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
    idempotencyKey: "k1",
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
  1: '{"row":1,"key":"a","status":"NETWORK","outputs":null,"attempts":3,"ms":20,"error":{"code":"NETWORK","message":"gone"},"idempotencyKey":"k1","inputs":{"id":1}}\n',
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
    const short = (line: string) =>
      line.replace(/(?:,"line":5|,"idempotencyKey":"k1")?,"inputs":[^}]*\}?(\}\n)$/, "$1");
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

  it.each([
    { header: { source: "other" }, message: "the rows have changed" },
    { header: { capability: "other" }, message: "the capability has changed" },
    { header: { operation: "demo.drop" }, message: 'the operation was "demo.add" and is "demo.drop"' },
    { header: { options: { "--map": "id=no" } }, message: '--map was "id=number" and is "id=no"' },
    { header: { options: {} }, message: "--map was given, and is not now" },
    { header: { options: { "--map": "id=number", "--key": "id" } }, message: "--key was not given" },
    { header: { options: { "--map": "id=number", "--set#": "a1" } }, message: "--set was not given" },
    { header: { order: "rows" }, message: "--order was finished and is rows" },
    { header: { splitsFailed: false }, message: "--failed was given, and is not now" },
    { header: { firstRow: 2, rowStep: 3 }, message: "--shard was 1/1 and is 2/3" },
  ] as const)("refuses to go on with another run: $message", async ({ header, message }) => {
    const files = await newFiles();
    const before = await runAll(files);
    await expect(openJournal(files, { ...HEADER, ...header }, { resume: true })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      message: expect.stringContaining(`: ${message}`),
      details: { reason: "changed" },
    });
    expect(await contentOf(files)).toEqual(before);
  });

  it("does not tell values that may be secrets", async () => {
    const files = await newFiles();
    await runAll(files, { ...HEADER, options: { "--set#": "old" } });
    const opened = openJournal(files, { ...HEADER, options: { "--set#": "new" } }, { resume: true });
    await expect(opened).rejects.toThrow(/: --set is another\. Begin/);
  });

  it("refuses an output whose journal is not there", async () => {
    const files = await newFiles();
    await runAll(files);
    await rm(`${files.out}.journal`);
    await expect(openJournal(files, HEADER, { resume: true })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      details: { reason: "exists", path: files.out },
    });
  });
});

describe("the files of a batch", () => {
  it.each([
    { of: "a folder", out: ".", message: /^Cannot write --out ".*": it is a folder: name a file in it$/ },
    { of: "a folder as the file of failed rows", failed: ".", message: /^Cannot write --failed ".*": it is a folder/ },
    { of: "a device", out: "/dev/null", message: /it is no regular file, .*: leave --out away for standard output$/ },
    { of: "standard output", out: "/dev/stdout", message: /it is no regular file/ },
    { of: "a missing folder", out: "no/out.jsonl", message: /: there is no folder .*no: make it first$/ },
    {
      of: "the source",
      source: "out.jsonl",
      message: /^--out and --from are one file, .*out.jsonl: name another one$/,
    },
    { of: "a link to the source", source: "link", message: /^--out and --from are one file, .*out.jsonl/ },
    { of: "the file of failed rows", failed: "out.jsonl", message: /^--out and --failed are one file/ },
    { of: "the source as the file of failed rows", failed: "a", source: "a", message: /^--failed and --from are one/ },
    { of: "the journal", failed: "out.jsonl.journal", message: /^--failed and the journal are one file/ },
  ])("refuses $of", async ({ out = "out.jsonl", failed = "failed.jsonl", source, message }) => {
    const folder = await temporaryFolder({});
    await symlink("out.jsonl", path.join(folder, "link"));
    const files = {
      out: path.resolve(folder, out),
      failed: path.resolve(folder, failed),
      source: source && path.resolve(folder, source),
    };
    await expect(openJournal(files, HEADER, { resume: false })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      message: expect.stringMatching(message),
      details: { reason: "path" },
    });
    expect(await readdir(folder)).toEqual(["link"]);
  });

  it("refuses a second process by any name of the output, until the first one has closed it", async () => {
    const files = await newFiles();
    const link = path.join(path.dirname(files.out), "link");
    await symlink("out.jsonl", link);
    const first = await openJournal(files, HEADER, { resume: false });
    for (const resume of [false, true]) {
      await expect(openJournal({ ...files, out: link }, HEADER, { resume })).rejects.toMatchObject({
        code: "BATCH_REFUSED",
        message: expect.stringContaining(`another process (pid ${process.pid}) works on this batch`),
        details: { reason: "busy", pid: process.pid },
      });
    }
    await first.close();
    const second = await openJournal({ ...files, out: link }, HEADER, { resume: true });
    expect(second.runId).toBe(first.runId);
    await second.close();
  });

  it.each([
    { of: "an output that was removed", change: rm, message: "was removed" },
    { of: "an output that was cut", change: truncate, message: "was changed" },
    { of: "an output that was added to", change: (file: string) => appendFile(file, "x"), message: "was changed" },
    { of: "an output that was replaced", change: (file: string) => replace(file), message: "was replaced" },
    { of: "a journal that was removed", name: ".journal", change: rm, message: "was removed" },
  ])("tells $of while it was written", async ({ name = "", change, message }) => {
    const files = await newFiles();
    const journal = await openJournal(files, HEADER, { resume: false });
    for (const row of ROWS) await journal.add(row);
    // Written a little later than the journal.
    while ((await readFile(files.out, "utf8")) === "") await new Promise(resolve => setTimeout(resolve, 20));
    await change(`${files.out}${name}`);
    await expect(journal.finish()).rejects.toMatchObject({
      code: "IO_FAILED",
      message: `Cannot go on writing ${files.out}${name}: it ${message} by something else while the batch wrote it`,
    });
  });
});

/** Replaces a file by another one of the same content. */
async function replace(file: string): Promise<void> {
  await copyFile(file, `${file}.new`);
  await rename(`${file}.new`, file);
}

describe("a run that ended at any moment", () => {
  const orders = ["finished", "rows"] as const;

  it.each(orders)("goes on from a journal that is cut at any byte of its last lines (order: %s)", async order => {
    const header = { ...HEADER, order };
    const whole = await newFiles();
    const { journal } = await runAll(whole, header);
    const bytes = Buffer.from(journal);
    const [first = 0] = lineEnds(bytes);
    const lengths = Array.from(bytes.keys()).filter(
      length => length < 2 || (length > first - 2 && length < first + 2) || length > (lineEnds(bytes).at(-3) ?? 0) - 2,
    );
    const goOn = async (length: number) => {
      const files = await newFiles();
      await writeFile(`${files.out}.journal`, bytes.subarray(0, length));
      const opened = await openJournal(files, header, { resume: true });
      const ends = lineEnds(bytes.subarray(0, length));
      const rows = Math.max(0, ends.length - 1);
      const torn = length > first && length > (ends.at(-1) ?? 0);
      expect({
        length,
        rows: opened.before.rows,
        isTorn: opened.notes.some(note => /^cut the torn/.test(note)),
      }).toEqual({
        length,
        rows: Math.min(rows, ROWS.length),
        isTorn: torn,
      });
      for (const row of ROWS) await opened.add(row);
      await opened.finish();
      expect({ length, ...(await contentOf(files)) }).toMatchObject({
        length,
        out: LINES[2] + LINES[3],
        failed: LINES[1] + LINES[4],
      });
    };
    await Promise.all(lengths.map(goOn));
  });

  it.each(orders)(
    "brings outputs that are cut at any byte of the last line up to the journal (order: %s)",
    async order => {
      const header = { ...HEADER, order };
      const whole = await newFiles();
      const content = await runAll(whole, header);
      for (const name of ["out", "failed"] as const) {
        const bytes = Buffer.from(content[name]);
        const ends = lineEnds(bytes);
        const bringUp = async (length: number) => {
          const files = await newFiles();
          const cut = { ...content, [name]: bytes.subarray(0, length) };
          await writeFile(files.out, cut.out);
          await writeFile(files.failed ?? "", cut.failed);
          await writeFile(`${files.out}.journal`, cut.journal);
          const opened = await openJournal(files, header, { resume: true });
          const missing = ends.filter(end => end > length).length;
          expect({ name, length, notes: opened.notes }).toEqual({
            name,
            length,
            notes: missing === 0 ? [] : [expect.stringContaining(`added ${missing} line`)],
          });
          await opened.close();
          expect({ name, length, ...(await contentOf(files)) }).toEqual({ name, length, ...content });
        };
        const lengths = [0, ...bytes.keys(), bytes.length].filter(
          length => length < 2 || length > (ends.at(-2) ?? 0) - 2,
        );
        await Promise.all(lengths.map(bringUp));
      }
    },
  );

  it("writes outputs that were removed again", async () => {
    const files = await newFiles();
    const content = await runAll(files);
    await rm(files.out);
    const opened = await openJournal(files, HEADER, { resume: true });
    expect(opened.notes).toEqual([`added 2 lines to ${files.out} from the journal`]);
    await opened.finish();
    expect(await contentOf(files)).toEqual(content);
  });

  it.each([
    { of: "a changed byte", name: "out", change: (text: string) => text.replace('"b"', '"x"'), line: 1 },
    { of: "a line that was added", name: "out", change: (text: string) => `${text}mine\n`, line: 3 },
    { of: "a line that was taken away", name: "failed", change: (text: string) => text.replace(LINES[1], ""), line: 1 },
  ] as const)("refuses an output with $of", async ({ name, change, line }) => {
    const files = await newFiles();
    const content = await runAll(files);
    const changed = change(content[name]);
    await writeFile(files[name] ?? "", changed);
    await expect(openJournal(files, HEADER, { resume: true })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      message: expect.stringContaining(`line ${line} of ${files[name]}`),
      details: { reason: "changed" },
    });
    expect((await contentOf(files))[name]).toBe(changed);
  });

  it.each([
    { of: "a changed byte", change: (lines: string[]) => lines.with(2, (lines[2] ?? "").replace("ms", "sm")), line: 3 },
    { of: "a line without a checksum", change: (lines: string[]) => lines.with(3, "done 200 {}"), line: 4 },
    { of: "an empty line", change: (lines: string[]) => lines.toSpliced(2, 0, ""), line: 3 },
    { of: "a row that ends twice", change: (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? ""), line: 3 },
    { of: "a row after the end", change: (lines: string[]) => [...lines.toSpliced(4, 1), lines[4] ?? ""], line: 6 },
    { of: "another first line", change: (lines: string[]) => lines.with(0, "{}"), line: 1 },
    { of: "no first line", change: (lines: string[]) => lines.slice(1), line: 1 },
  ])("refuses a journal with $of", async ({ change, line }) => {
    const files = await newFiles();
    const { journal } = await runAll(files);
    await writeFile(`${files.out}.journal`, `${change(journal.trimEnd().split("\n")).join("\n")}\n`);
    await expect(openJournal(files, HEADER, { resume: true })).rejects.toMatchObject({
      code: "BATCH_REFUSED",
      message: expect.stringContaining(`line ${line} of ${files.out}.journal is damaged`),
      details: { reason: "damaged" },
    });
  });
});

/** Places behind the line breaks. */
function lineEnds(bytes: Buffer): number[] {
  return [...bytes].flatMap((byte, index) => (byte === 10 ? index + 1 : []));
}
