import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { pageText } from "../../../src/surfaces/cli/pager.ts";
import { printLines } from "../../../src/surfaces/cli/printed-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const LONG = printLines(Array.from({ length: 30 }, (_, index) => `line ${index}`));
const PATH = process.env["PATH"] ?? "";

describe("pageText()", () => {
  it.each([
    {
      what: "NAFTIKO_PAGER before PAGER",
      variables: (file: string) => ({ NAFTIKO_PAGER: `tee '${file}'`, PAGER: "cat" }),
    },
    { what: "PAGER", variables: (file: string) => ({ PAGER: `tee "${file}"` }) },
  ])("hands a long text to $what", async ({ variables }) => {
    const file = path.join(await temporaryFolder({}), "shown text");
    expect(await pageText(LONG, { PATH, ...variables(file) }, { rows: 24, columns: 80 })).toBe(true);
    expect(await readFile(file, "utf8")).toBe(LONG);
  });

  it.each([
    { what: "a text that fits", rows: 40, columns: 80, taken: false },
    { what: "a text whose lines are wider than the screen", rows: 40, columns: 4, taken: true },
  ])("looks at the size of $what", async ({ rows, columns, taken }) => {
    expect(await pageText(LONG, { PATH, PAGER: "tee /dev/null" }, { rows, columns })).toBe(taken);
  });

  it.each(["", " ", "cat", "no-such-pager-anywhere", '"unclosed'])(
    "leaves the text to the caller for %j",
    async PAGER => {
      expect(await pageText(LONG, { PATH, PAGER }, { rows: 24, columns: 80 })).toBe(false);
    },
  );

  it("runs no shell", async () => {
    const folder = await temporaryFolder({});
    const env = { PATH, PAGER: `true ; touch ${folder}/made; $(touch ${folder}/made)` };
    expect(await pageText(LONG, env, { rows: 24, columns: 80 })).toBe(true);
    expect(existsSync(path.join(folder, "made"))).toBe(false);
  });

  it("survives a pager that is left early", async () => {
    const text = printLines(Array.from({ length: 100_000 }, () => "a long line of text"));
    expect(await pageText(text, { PATH, PAGER: "true" }, { rows: 24, columns: 80 })).toBe(true);
  });
});
